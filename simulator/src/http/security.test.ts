import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SCOPES, type Scope } from '@storepulse/http';
import { closedRoutes, credentialAttacks, keyFolder, policyOf } from '@storepulse/http/testing/access';
import pino from 'pino';
import { Registry } from 'prom-client';
import { createSimulator } from '../run/simulator.ts';
import { createControlServer } from './server.ts';

const folder = keyFolder();
after(folder.remove);
const { make } = folder;
const right = await make({ scopes: ['control'] });
const expired = await make({ scopes: ['control'], lastsMs: 0 });
const revoked = await make({ scopes: ['control'] });
await folder.keys.revoke(revoked.split('_')[1]!);
const byScope = new Map<Scope, string>();
for (const scope of Object.keys(SCOPES) as Scope[]) byScope.set(scope, await make({ scopes: [scope] }));
const app = await createControlServer({
  simulator: createSimulator({
    sink: { send: async () => {} },
    clock: { now: () => 0, sleepUntil: async () => {} },
    onEmission: () => {},
  }),
  registry: new Registry(),
  logger: pino({ level: 'silent' }),
  now: () => 0,
  policy: policyOf({ folder: folder.folder }),
});
await app.ready();
after(() => app.close());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const routes = closedRoutes(app).map((route) => ({
  ...route,
  url: route.url.replace(':name', 'flash-sale'),
}));

test('every route that steers or shows a run keeps out who has no key with the scope control', async () => {
  assert.ok(routes.length > 10);
  for (const { method, url, access } of routes) {
    assert.equal(access, 'control', url);
    for (const [attack, headers] of credentialAttacks(right, { revoked, expired })) {
      const answer = await app.inject({ method, url, headers });
      assert.equal(answer.statusCode, 401, `${attack} at ${method} ${url}`);
    }
  }
  for (const [scope, key] of byScope) {
    const headers = bearer(key);
    const isEnough = scope === 'control' || scope === 'admin';
    for (const { method, url } of routes) {
      const { statusCode } = await app.inject({ method, url, headers, payload: 'no JSON' });
      assert.equal(statusCode === 403, !isEnough, `${scope} at ${method} ${url}`);
    }
  }
});

test('all that is under /v1 asks for a key, and nothing else does', () => {
  for (const { url, access } of app.guarded) assert.equal(access === 'open', !url.startsWith('/v1/'), url);
});

test('what goes wrong is a problem with a code of the closed list, also where nothing is', async () => {
  for (const [method, url, status, code] of [
    ['GET', '/nowhere', 404, 'not_found'],
    ['GET', '/v1/nowhere?key=secret', 404, 'not_found'],
    ['DELETE', '/v1/rate', 405, 'method_not_allowed'],
    ['GET', '/v1/status', 401, 'unauthorized'],
    ['PUT', '/v1/rate', 400, 'invalid_request'],
  ] as const) {
    const headers = status === 401 ? {} : { ...bearer(right), 'content-type': 'application/json' };
    const answer = await app.inject({ method, url, headers, ...(method === 'PUT' ? { payload: '{' } : {}) });
    assert.equal(answer.statusCode, status, url);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    const problem = answer.json();
    assert.deepEqual([problem.code, problem.type], [code, `urn:storepulse:problem:${code}`]);
    assert.doesNotMatch(answer.body, /secret/);
  }
});
