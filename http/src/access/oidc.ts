import { createHash } from 'node:crypto';
import { SHOP_PATTERN } from '@storepulse/contracts';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { HttpError } from '../errors.ts';
import { type Caller, isScope, type Scope } from './caller.ts';

/** Whose tokens are taken. */
export interface OidcSettings {
  /** What `iss` must be; its discovery document is at `<issuer>/.well-known/openid-configuration`. */
  readonly issuer: string;
  /** What `aud` must be, or hold. */
  readonly audience: string;
  /** Where the issuer's public keys are. @default what its discovery document says */
  readonly jwksUrl?: string;
}

/** Signatures by a private key alone: a token that is signed with a shared secret, or not at all, is none. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** How far clocks may differ, seconds. */
const TOLERANCE_S = 30;
const TIMEOUT_MS = 5_000;
/** An issuer that did not answer is asked again no sooner, ms: however many tokens come meanwhile. */
const RETRY_MS = 5_000;
/** What our scopes are called in a token, where other programs' scopes are too. */
const SCOPE_PREFIX = 'storepulse:';

/** A token is not taken: why, without anything of it. */
export type TokenFault = 'expired' | 'wrong-token';

/** Whether a text looks like a signed token (JWS, RFC 7515). */
export function isToken(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
}

/**
 * Checks bearer tokens of an issuer: signature, issuer, audience, times. `scope` holds scopes as `storepulse:read`, `shops`
 * the shops, or `*` for all of them; a token without `shops` sees none.
 * @returns checks a token @throws {HttpError} `access_unavailable` when the issuer's public keys can't be read
 */
export function createTokenCheck(
  { issuer, audience, jwksUrl }: OidcSettings,
  onFailure: (error: Error) => void,
  retryMs = RETRY_MS,
): (token: string) => Promise<Caller | TokenFault> {
  const keys = openOnce(
    async () =>
      createRemoteJWKSet(new URL(jwksUrl ?? (await discover(issuer))), { timeoutDuration: TIMEOUT_MS }),
    retryMs,
  );
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, await keys(), {
        ...{ issuer, audience, algorithms: ALGORITHMS, clockTolerance: TOLERANCE_S },
        requiredClaims: ['sub', 'exp'],
      });
      return callerOfToken(payload);
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (isFaultOfToken(error)) return 'wrong-token';
      onFailure(error as Error);
      throw new HttpError(
        'access_unavailable',
        'the keys of the issuer can not be read; the log has the cause',
        {
          retryAfterS: 5,
          cause: error,
        },
      );
    }
  };
}

/** Opens something once for all who ask at the same time and later; after a failure anew, but no sooner than `retryMs`. */
function openOnce<T>(open: () => Promise<T>, retryMs: number): () => Promise<T> {
  let opened: Promise<T> | undefined;
  let failedAt: number | undefined;
  return () => {
    if (failedAt !== undefined && performance.now() - failedAt >= retryMs) {
      opened = undefined;
      failedAt = undefined;
    }
    opened ??= open().catch((error: unknown) => {
      failedAt = performance.now();
      throw error;
    });
    return opened;
  };
}

async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const { issuer: told, jwks_uri: jwks } = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (told !== issuer) throw new Error(`${url} speaks of another issuer: OIDC_ISSUER must be as it says`);
  if (typeof jwks !== 'string') throw new Error(`${url} names no jwks_uri`);
  return jwks;
}

/** What is wrong with the token itself, not with asking for the issuer's keys. */
function isFaultOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    // Its general error: the answer was no 200, or no JSON.
    error.code !== 'ERR_JOSE_GENERIC'
  );
}

/** Who a checked token stands for. What it says that we do not know is left out. */
export function callerOfToken({ sub = '', scope, shops }: JWTPayload): Caller {
  const scopes = listOf(scope)
    .filter((entry) => entry.startsWith(SCOPE_PREFIX))
    .map((entry) => entry.slice(SCOPE_PREFIX.length))
    .filter(isScope);
  const named = listOf(shops);
  const pattern = new RegExp(SHOP_PATTERN);
  return {
    // A subject may be an e-mail address, and names go to logs.
    name: `oidc:${createHash('sha256').update(sub).digest('hex').slice(0, 12)}`,
    scopes: new Set<Scope>(scopes),
    shops: named.includes('*') ? 'all' : new Set(named.filter((shop) => pattern.test(shop))),
  };
}

/** A claim that is a list, or a text with spaces (RFC 8693). */
function listOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter((entry) => typeof entry === 'string') : [];
}
