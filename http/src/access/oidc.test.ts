import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createIdentify } from './identify.ts';
import { callerOfToken, createTokenCheck } from './oidc.ts';

const AUDIENCE = 'storepulse';
const KEY_ID = 'first';
let server: Server;
let issuer: string;
/** What the issuer answers instead, for one test. */
let status = 200;
/** How often the issuer was asked for anything. */
let asked = 0;
const { privateKey, publicKey } = await generateKeyPair('ES256');
const stranger = await generateKeyPair('ES256');

before(async () => {
  const jwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' };
  server = createServer((request, response) => {
    asked += 1;
    response.statusCode = status;
    response.setHeader('content-type', 'application/json');
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    response.end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [jwk] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

const failures: string[] = [];
/** Who is known by a token, by a part that has just started. */
const open = (settings: { issuer?: string; jwksUrl?: string } = {}, retryMs = 0) => {
  const told = ({ message }: Error) => failures.push(message);
  const checkToken = createTokenCheck({ issuer, audience: AUDIENCE, ...settings }, told, retryMs);
  const named = { keys: [], scope: 'read' } as const;
  return createIdentify({ named, noteUse: () => {}, checkToken, now: () => Date.now() });
};
const now = Math.floor(Date.now() / 1_000);
interface Signing {
  readonly claims?: JWTPayload;
  readonly key?: CryptoKey;
  readonly kid?: string;
}
const tokenOf = ({ claims = {}, key = privateKey, kid = KEY_ID }: Signing = {}) =>
  new SignJWT({
    ...{ iss: issuer, aud: AUDIENCE, sub: 'jane@roe.example', iat: now, exp: now + 3_600 },
    ...{ scope: 'openid storepulse:read email', shops: ['one'] },
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(key);

test('a token of the issuer says who it is, what they may do, and of which shops', async () => {
  const identity = await open()(`Bearer ${await tokenOf()}`);
  assert.ok('caller' in identity);
  assert.deepEqual([...identity.caller.scopes], ['read']);
  assert.deepEqual(identity.caller.shops, new Set(['one']));
  // A name goes to logs, and a subject may be an e-mail address.
  assert.match(identity.caller.name, /^oidc:[0-9a-f]{12}$/);
  const all = await open({ jwksUrl: `${issuer}/keys` })(
    `Bearer ${await tokenOf({ claims: { shops: '*' } })}`,
  );
  assert.ok('caller' in all);
  assert.equal(all.caller.shops, 'all');
});

test('a token that does not fit is none: signature, key, issuer, audience, times, algorithm', async () => {
  const identify = open();
  const unsigned = (alg: string) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: issuer,
      aud: AUDIENCE,
      sub: 'a',
      exp: now + 60,
      scope: 'storepulse:admin',
      shops: '*',
    };
    return `${part({ alg, kid: KEY_ID })}.${part(claims)}.AAAA`;
  };
  const shared = await new SignJWT({ scope: 'storepulse:admin', shops: '*' })
    .setProtectedHeader({ alg: 'HS256', kid: KEY_ID })
    .setIssuer(issuer)
    .setAudience(AUDIENCE)
    .setSubject('a')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey))));
  const good = await tokenOf();
  const wrong: Record<string, string> = {
    'of another signer': await tokenOf({ key: stranger.privateKey }),
    'of a key that is not there': await tokenOf({ kid: 'second' }),
    'of another issuer': await tokenOf({ claims: { iss: 'https://evil.example' } }),
    'for another program': await tokenOf({ claims: { aud: 'shop' } }),
    'from the future': await tokenOf({ claims: { nbf: now + 3_600 } }),
    'without an end': await tokenOf({ claims: { exp: undefined } as never }),
    'without a subject': await tokenOf({ claims: { sub: undefined } as never }),
    'without a signature': unsigned('none'),
    'with a shared secret': shared,
    'with claims changed': good.replace(/\.[^.]+\./, `.${unsigned('ES256').split('.')[1]}.`),
    'cut short': good.slice(0, -4),
  };
  for (const [what, token] of Object.entries(wrong))
    assert.deepEqual(await identify(`Bearer ${token}`), { fault: 'wrong-token' }, what);
  const old = await tokenOf({ claims: { exp: now - 3_600 } });
  assert.deepEqual(await identify(`Bearer ${old}`), { fault: 'expired' });
  assert.ok('caller' in (await identify(`Bearer ${good}`)));
});

test('an issuer that does not answer lets nobody in, and the log says why; then it is asked again', async () => {
  const identify = open();
  const token = await tokenOf();
  failures.length = 0;
  status = 503;
  await assert.rejects(identify(`Bearer ${token}`), { code: 'access_unavailable', retryAfterS: 5 });
  assert.match(failures.join(), /openid-configuration answered 503/);
  await assert.rejects(open({ jwksUrl: `${issuer}/keys` })(`Bearer ${token}`), {
    code: 'access_unavailable',
  });
  await assert.rejects(open({ issuer: 'http://127.0.0.1:9' })(`Bearer ${token}`), {
    code: 'access_unavailable',
  });
  status = 200;
  assert.ok('caller' in (await identify(`Bearer ${token}`)));
});

test('an issuer that does not answer is asked once, however many tokens come; so is one that does', async () => {
  const token = await tokenOf();
  status = 503;
  asked = 0;
  const refused = open({}, 60_000);
  await Promise.allSettled(Array.from({ length: 20 }, () => refused(`Bearer ${token}`)));
  await assert.rejects(refused(`Bearer ${token}`), { code: 'access_unavailable' });
  assert.equal(asked, 1);
  status = 200;
  asked = 0;
  const taken = open();
  await Promise.all(Array.from({ length: 20 }, () => taken(`Bearer ${token}`)));
  // The discovery document and the keys.
  assert.equal(asked, 2);
});

test('a discovery document of another issuer is not believed', async () => {
  failures.length = 0;
  await assert.rejects(open({ issuer: `${issuer}/` })(`Bearer ${await tokenOf()}`), {
    code: 'access_unavailable',
  });
  assert.match(failures.join(), /speaks of another issuer/);
});

test('whatever claims hold, a token gives no more than the scopes and shops that it names', () => {
  const claim = fc.oneof(
    fc.constantFrom('storepulse:read', 'storepulse:admin', 'read', 'storepulse:root', '*', 'one', 'No Shop'),
    fc.array(fc.oneof(fc.constantFrom('storepulse:ingest', 'one', 'two'), fc.string(), fc.integer())),
    fc.object(),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(claim, claim, (scope, shops) => {
      const caller = callerOfToken({ sub: 'a', scope, shops } as JWTPayload);
      const words = (value: unknown) =>
        typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
      for (const own of caller.scopes) assert.ok(words(scope).includes(`storepulse:${own}`));
      if (caller.shops === 'all') assert.ok(words(shops).includes('*'));
      else for (const shop of caller.shops) assert.ok(words(shops).includes(shop));
    }),
  );
});
