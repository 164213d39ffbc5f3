import { isLoopback, SettingsError } from '@storepulse/contracts';
import type { FastifyBaseLogger } from 'fastify';
import type { Scope } from './caller.ts';
import { createIdentify, type Identity } from './identify.ts';
import { openKeyStore } from './key-store.ts';
import { createUseNotes } from './last-use.ts';
import type { NamedKey } from './named-keys.ts';
import { createTokenCheck } from './oidc.ts';

/** Who may use a part. */
export type Policy = 'open' | { readonly identify: (authorization: string | undefined) => Promise<Identity> };

/** What a part's policy is made of. */
export interface PolicySettings {
  /** The address that the part listens on. */
  readonly host: string;
  /** Keys that a setting names, and the scope of all of them. */
  readonly named: { readonly keys: readonly NamedKey[]; readonly scope: Scope };
  readonly accessFolder?: string | undefined;
  readonly oidcIssuer?: string | undefined;
  readonly oidcAudience?: string | undefined;
  readonly oidcJwksUrl?: string | undefined;
}

/** Settings of a policy that go together. @throws {SettingsError} when a part that other machines reach has no policy */
export function checkPolicy(part: string, keySetting: string, settings: PolicySettings): void {
  const { host, named, accessFolder, oidcIssuer, oidcAudience } = settings;
  if ((oidcIssuer === undefined) !== (oidcAudience === undefined))
    throw new SettingsError('OIDC_ISSUER and OIDC_AUDIENCE go together: set both, or neither');
  const hasPolicy = named.keys.length > 0 || accessFolder !== undefined || oidcIssuer !== undefined;
  if (hasPolicy || isLoopback(host)) return;
  throw new SettingsError(
    `${part.toUpperCase()}_HOST ${host} can be reached from other machines: set ${keySetting} (or ${keySetting}_FILE), ACCESS_FOLDER (for keys of npm run keys) or OIDC_ISSUER too`,
  );
}

/** The policy that settings ask for, checked by `checkPolicy`. Without keys, folder and issuer everyone may do all. */
export function openPolicy(settings: PolicySettings, log: FastifyBaseLogger): Policy {
  const { named, accessFolder, oidcIssuer, oidcAudience, oidcJwksUrl } = settings;
  if (named.keys.length === 0 && accessFolder === undefined && oidcIssuer === undefined) return 'open';
  const warn = (what: string) => (error: Error) => log.error({ reason: error.message }, what);
  const now = () => Date.now();
  const noNotes = 'when keys were used can not be written down';
  return {
    identify: createIdentify({
      ...{ named, now },
      ...(accessFolder === undefined
        ? { noteUse: () => {} }
        : {
            store: openKeyStore(
              accessFolder,
              () => performance.now(),
              warn('the keys can not be read: nobody gets in by one'),
            ),
            noteUse: createUseNotes(accessFolder, now, warn(noNotes)),
          }),
      ...(oidcIssuer === undefined || oidcAudience === undefined
        ? {}
        : {
            checkToken: createTokenCheck(
              {
                issuer: oidcIssuer,
                audience: oidcAudience,
                ...(oidcJwksUrl === undefined ? {} : { jwksUrl: oidcJwksUrl }),
              },
              warn('the keys of the issuer can not be read: nobody gets in by a token'),
            ),
          }),
    }),
  };
}
