import { OWN } from '@storepulse/exporter/testing/two-shops';
import { type Policy, SCOPES, type Scope } from '@storepulse/http';
import { keyFolder, policyOf } from '@storepulse/http/testing/access';

/** Keys of every kind, and the policy that knows them. */
export interface AttackKeys {
  readonly policy: Policy;
  /** A key that may do everything in all shops. */
  readonly admin: string;
  /** Keys of one scope each, for all shops. */
  readonly byScope: ReadonlyMap<Scope, string>;
  /** A key that may read everything and send events, of the shop `OWN` alone. */
  readonly bound: string;
  readonly revoked: string;
  readonly expired: string;
  remove(): void;
}

/** Makes them, in a folder of their own. */
export async function makeKeys(): Promise<AttackKeys> {
  const { folder, keys, make, remove } = keyFolder();
  const byScope = new Map<Scope, string>();
  for (const scope of Object.keys(SCOPES) as Scope[]) byScope.set(scope, await make({ scopes: [scope] }));
  const revoked = await make({ scopes: ['admin'] });
  await keys.revoke(revoked.split('_')[1]!);
  return {
    ...{ policy: policyOf({ folder }), byScope, revoked, remove },
    admin: byScope.get('admin')!,
    bound: await make({ scopes: ['read:personal', 'ingest'], shops: [OWN] }),
    expired: await make({ scopes: ['admin'], lastsMs: 0 }),
  };
}

/** The header that a key is sent in. */
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
