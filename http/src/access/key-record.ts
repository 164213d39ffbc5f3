import { SHOP_PATTERN } from '@storepulse/contracts';
import { type Static, Type } from 'typebox';
import { type Caller, SCOPES, type Scope } from './caller.ts';

const Instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' });

/** What is kept of a key. */
export const KeyRecord = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{12}$' }),
    /** What its owner calls it. */
    name: Type.String({ minLength: 1, maxLength: 80 }),
    scopes: Type.Array(Type.Enum(Object.keys(SCOPES) as Scope[]), { minItems: 1 }),
    /** The shops that it is bound to; absent: it is good for all. */
    shops: Type.Optional(Type.Array(Type.String({ pattern: SHOP_PATTERN }), { minItems: 1 })),
    /** SHA-256 of the key, in hex. */
    hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    createdAt: Instant,
    /** It is good before this instant; absent: for ever. */
    expiresAt: Type.Optional(Instant),
    revokedAt: Type.Optional(Instant),
  },
  { additionalProperties: false },
);
/** What is kept of a key. */
export type KeyRecord = Static<typeof KeyRecord>;

/** What a key is at an instant. */
export type KeyState = 'valid' | 'expired' | 'revoked';

/** @param now epoch ms */
export function stateOf({ expiresAt, revokedAt }: KeyRecord, now: number): KeyState {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && now >= Date.parse(expiresAt) ? 'expired' : 'valid';
}

/** Who uses a key, and what they may do. */
export function callerOf({ id, scopes, shops }: KeyRecord): Caller {
  return { name: id, scopes: new Set(scopes), shops: shops === undefined ? 'all' : new Set(shops) };
}
