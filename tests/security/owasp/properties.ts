import assert from 'node:assert/strict';
import { KEPT_EVENTS, personalFieldsOf, RECORDS } from '@storepulse/contracts';
import { OWN } from '@storepulse/exporter/testing/two-shops';
import { bearer } from '../support/keys.ts';
import type { Item } from './item.ts';

const FORMS = ['application/json', 'text/csv', '*/*'];
/** Properties that a caller may not set, put where none is asked for. */
const SMUGGLED = [{ scope: 'admin' }, { shops: '*' }, { readConcern: 'local' }, { isAdmin: true }];

/** A reader who may not see what is personal looks for it; callers set what they may not. */
export const properties: Item = {
  id: 'API3',
  name: 'broken object property level authorization',
  *trials({ apps, keys }) {
    const headers = bearer(keys.byScope.get('read')!);
    const personal = {
      orders: personalFieldsOf(RECORDS.orders),
      reviews: personalFieldsOf(RECORDS.reviews),
      search: personalFieldsOf(RECORDS.orders),
      events: [...new Set([...KEPT_EVENTS.values()].flatMap((kept) => [...kept.personal]))],
      'live/events': [...new Set([...KEPT_EVENTS.values()].flatMap((kept) => [...kept.personal]))],
    };
    for (const [path, fields] of Object.entries(personal))
      for (const accept of FORMS)
        yield {
          what: `personal fields of ${path} as ${accept}`,
          run: async () => {
            const url = `/api/v1/${path}?shop=${OWN}${path === 'search' ? '&q=o1' : ''}${path === 'live/events' ? '&from=0&follow=false' : ''}`;
            const { statusCode, body } = await apps.exporter.inject({ url, headers: { ...headers, accept } });
            assert.equal(statusCode, 200, body);
            for (const field of fields)
              assert.ok(!body.includes(`${field}"`) && !body.includes(`,${field},`), field);
          },
        };
    for (const url of [
      'orders?customerId=ann',
      'reviews?customerId=ann',
      'customers?',
      'search?q=ann&kinds=customers',
    ])
      yield {
        what: `asked by what is personal: ${url}`,
        run: async () => {
          const { statusCode } = await apps.exporter.inject({ url: `/api/v1/${url}&shop=${OWN}`, headers });
          assert.equal(statusCode, 403);
        },
      };
    const admin = { ...bearer(keys.admin), 'content-type': 'application/json' };
    const query = { refId: 'A', shop: OWN, metric: 'orders' };
    for (const more of SMUGGLED)
      for (const [method, url, payload] of [
        ['POST', '/api/v1/query', { range: { from: 0, to: 1 }, queries: [query], ...more }],
        ['POST', '/api/v1/query', { range: { from: 0, to: 1 }, queries: [{ ...query, ...more }] }],
        ['PUT', '/v1/rate', { rate: 1, ...more }],
        ['POST', '/v1/run', { seed: 'a', ...more }],
      ] as const)
        yield {
          what: `${JSON.stringify(more)} in the body of ${method} ${url}`,
          run: async () => {
            const app = url.startsWith('/api') ? apps.exporter : apps.simulator;
            const { statusCode } = await app.inject({
              method,
              url,
              payload: JSON.stringify(payload),
              headers: admin,
            });
            assert.equal(statusCode, 400);
          },
        };
  },
};
