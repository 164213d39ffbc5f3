import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { forgedToken, type Issuer, startIssuer } from '../support/issuer.ts';
import { bearer } from '../support/keys.ts';
import { openExporter } from '../support/parts.ts';
import type { Item } from './item.ts';

/** Tokens that look like those of the issuer. */
async function wrongTokens(issuer: Issuer): Promise<Record<string, string>> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: issuer.url,
    aud: 'storepulse',
    sub: 'a',
    exp: now + 60,
    scope: 'storepulse:admin',
    shops: '*',
  };
  const good = await issuer.token();
  const [head, body, signature] = good.split('.') as [string, string, string];
  const shared = `${forgedToken({ alg: 'HS256', kid: 'first' }, claims, '').slice(0, -1)}`;
  const hmac = createHmac('sha256', JSON.stringify(issuer.publicJwk)).update(shared).digest('base64url');
  return {
    'not signed': forgedToken({ alg: 'none' }, claims),
    'not signed, in capitals': forgedToken({ alg: 'NONE', kid: 'first' }, claims),
    'without a signature': `${head}.${body}.`,
    'signed with the public key as a secret': `${shared}.${hmac}`,
    'of another signer': await issuer.token({ isForeign: true }),
    'of another signer, with its key in the header': await issuer.token({
      ...{ isForeign: true, header: { jwk: issuer.publicJwk as never } },
    }),
    'of a key that is not there': await issuer.token({ header: { kid: 'second' } }),
    'of a key that is a path': await issuer.token({ isForeign: true, header: { kid: '../../dev/null' } }),
    'of another issuer': await issuer.token({ claims: { iss: 'https://evil.example' } }),
    'of an issuer with more at its end': await issuer.token({
      claims: { iss: `${issuer.url}.evil.example` },
    }),
    'for another program': await issuer.token({ claims: { aud: 'shop' } }),
    'for nobody': await issuer.token({ claims: { aud: '' } }),
    expired: await issuer.token({ claims: { exp: now - 600 } }),
    'not good yet': await issuer.token({ claims: { nbf: now + 600 } }),
    'with other claims': `${head}.${forgedToken({}, claims).split('.')[1]}.${signature}`,
    'with another head': `${forgedToken({ alg: 'ES256' }, {}).split('.')[0]}.${body}.${signature}`,
    'with a critical header that nobody knows': await issuer
      .token({ isForeign: true, header: { crit: ['b64'], b64: true } })
      .catch(() => 'a.b.c'),
    'cut short': good.slice(0, -2),
    twice: `${good},${good}`,
  };
}

/** Tokens that are forged, old, or meant for others. */
export const authentication: Item = {
  id: 'API2',
  name: 'broken authentication',
  async *trials() {
    await using issuer = await startIssuer();
    await using exporter = await openExporter({ policy: issuer.policy() });
    const ask = (token: string) => exporter.inject({ url: '/api/v1/catalog', headers: bearer(token) });
    assert.equal((await ask(await issuer.token())).statusCode, 200, 'a good token lets in');
    for (const [what, token] of Object.entries(await wrongTokens(issuer)))
      yield { what: `a token ${what}`, run: async () => assert.equal((await ask(token)).statusCode, 401) };
  },
};

/** What the issuer's address may answer. */
const HOSTILE_KEYS: Record<string, string> = {
  'no JSON': 'keys',
  'a page': '<html><script>1</script></html>',
  nothing: '',
  'no keys': '{}',
  'keys that are no list': '{"keys": {"__proto__": 1}}',
  'an empty list': '{"keys": []}',
  'keys that are no keys': '{"keys": [null, 1, "a", [], {}]}',
  'a shared secret': '{"keys": [{"kty": "oct", "k": "AAAA", "kid": "first", "alg": "HS256"}]}',
  'an RSA key of 512 bits':
    '{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "first", "alg": "RS256"}]}',
  'a point that is on no curve':
    '{"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "first"}]}',
  'a deep list': `{"keys": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  'a megabyte of keys': `{"keys": [${'{"kty":"EC"},'.repeat(80_000)}{}]}`,
  'half an answer': '{"keys": [{"kty": "EC"',
};

/** An issuer that answers what it must not. */
export const consumption: Item = {
  id: 'API10',
  name: 'unsafe consumption of APIs',
  async *trials() {
    await using issuer = await startIssuer();
    const token = await issuer.token();
    const refuse = async () => {
      await using exporter = await openExporter({ policy: issuer.policy() });
      const answer = await exporter.inject({ url: '/api/v1/catalog', headers: bearer(token) });
      assert.ok([401, 503].includes(answer.statusCode), `${answer.statusCode}`);
      assert.match(answer.body, /"code":"(unauthorized|access_unavailable)"/);
      assert.equal((await exporter.inject('/-/healthy')).statusCode, 200);
    };
    for (const [what, body] of Object.entries(HOSTILE_KEYS))
      yield {
        what: `the issuer answers ${what}`,
        run: () => {
          issuer.answerWith((_request, response) =>
            response.setHeader('content-type', 'application/json').end(body),
          );
          return refuse();
        },
      };
    for (const status of [204, 302, 401, 404, 500])
      yield {
        what: `the issuer answers ${status}`,
        run: () => {
          issuer.answerWith((_request, response) =>
            response.writeHead(status, status === 302 ? { location: `${issuer.url}/elsewhere` } : {}).end(),
          );
          return refuse();
        },
      };
    yield {
      what: 'the issuer breaks the connection',
      run: () => {
        issuer.answerWith((request) => request.socket.destroy());
        return refuse();
      },
    };
  },
};
