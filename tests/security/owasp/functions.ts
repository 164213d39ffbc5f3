import assert from 'node:assert/strict';
import { hasScope, NOBODY, type Scope } from '@storepulse/http';
import { closedRoutes } from '@storepulse/http/testing/access';
import { bearer } from '../support/keys.ts';
import type { Item } from './item.ts';

/** Other ways to say which method is meant. */
const OVERRIDES = ['x-http-method-override', 'x-method-override', 'x-http-method'];

/** Keys of one function at the routes of another, under their own method and under another's name. */
export const functions: Item = {
  id: 'API5',
  name: 'broken function level authorization',
  *trials({ apps, keys }) {
    for (const [name, app] of Object.entries(apps))
      for (const { method, url, access } of closedRoutes(app)) {
        const address = url.replace(/:\w+/g, 'country');
        for (const [scope, key] of keys.byScope) {
          if (hasScope({ ...NOBODY, scopes: new Set<Scope>([scope]) }, access)) continue;
          yield {
            what: `scope ${scope} at ${name} ${method} ${url}`,
            run: async () => {
              const { statusCode } = await app.inject({ method, url: address, headers: bearer(key) });
              assert.equal(statusCode, 403);
            },
          };
        }
      }
    for (const header of OVERRIDES)
      for (const url of ['/v1/rate', '/v1/pause', '/v1/stop', '/v1/run'])
        yield {
          what: `GET ${url} with ${header}`,
          run: async () => {
            const headers = { ...bearer(keys.admin), [header]: 'POST' };
            assert.equal((await apps.simulator.inject({ url, headers })).statusCode, 405);
          },
        };
  },
};
