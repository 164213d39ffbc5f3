import assert from 'node:assert/strict';
import { RECORD_KINDS } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/contracts/testing/events';
import { OTHER, OWN, TIME } from '@storepulse/exporter/testing/two-shops';
import { bearer } from '../support/keys.ts';
import type { Item } from './item.ts';

/** What the other shop has; its id may be named, by whoever asks for it. */
const SECRETS = /Secret Ltd|Atlantis|987\.?654/;
/** Ways to ask for it. */
const SPELLINGS = [
  `shop=${OTHER}`,
  `shop=${OWN}&shop=${OTHER}`,
  `shop=${OTHER}&shop=${OWN}`,
  `shop=${OWN},${OTHER}`,
  `shop[]=${OTHER}`,
  `shop=${OWN}%00${OTHER}`,
  `shop=${OTHER.toUpperCase()}`,
  `shop=${OWN}%7C${OTHER}`,
  'shop=*',
  'shop=.%2B',
];
const PATHS = [
  ...RECORD_KINDS.map((kind) => `/api/v1/${kind}?`),
  ...[
    '/api/v1/search?q=p1&',
    '/api/v1/events?',
    '/api/v1/events/counts?from=0&to=now&',
    '/api/v1/annotations?from=0&',
    '/metrics?',
    '/?',
  ],
  ...['/api/v1/dimensions/country/values?', '/api/v1/live/events?from=0&follow=false&'],
  '/api/v1/live/metrics?metric=gross_sales&from=0&follow=false&',
];

/** A key of one shop asks for what is another's, or writes it. */
export const objects: Item = {
  id: 'API1',
  name: 'broken object level authorization',
  *trials({ apps, kafka, keys }) {
    const headers = bearer(keys.bound);
    for (const path of PATHS)
      for (const spelling of SPELLINGS)
        yield {
          what: `GET ${path}${spelling}`,
          run: async () => {
            const { body } = await apps.exporter.inject({ url: `${path}${spelling}`, headers });
            assert.doesNotMatch(body, SECRETS);
          },
        };
    for (const shop of [OTHER, [OWN, OTHER], [OTHER]])
      for (const metric of ['gross_sales', 'new_customers'])
        yield {
          what: `a query of ${metric} in ${shop}`,
          run: async () => {
            const query = { refId: 'A', shop, metric, format: 'table', groupBy: 'country' };
            const payload = { range: { from: TIME - 1_000, to: TIME + 3_600_000 }, queries: [query] };
            const { body } = await apps.exporter.inject({
              ...{ method: 'POST', url: '/api/v1/query', payload, headers },
            });
            assert.doesNotMatch(body, SECRETS);
          },
        };
    const foreign = [
      anOrder({ shop: OTHER, eventTime: TIME }),
      { ...SHOP, shop: OTHER, name: 'Mine', eventId: 'event-shop-mine', eventTime: TIME },
      anOrder({ shop: 'no-shop', eventTime: TIME }),
    ];
    for (const event of foreign)
      for (const payload of [event, [event], [anOrder({ shop: OWN, eventTime: TIME }), event]])
        yield {
          what: `${event.type} of ${event.shop} sent`,
          run: async () => {
            kafka.records.length = 0;
            await apps.collector.inject({
              ...{ method: 'POST', url: '/v1/events', payload: JSON.stringify(payload) },
              headers: { ...headers, 'content-type': 'application/json' },
            });
            for (const { value } of kafka.records) assert.match(String(value), new RegExp(`"shop":"${OWN}"`));
          },
        };
  },
};
