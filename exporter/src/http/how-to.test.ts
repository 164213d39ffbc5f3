import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import type { QueryResponse } from '@storepulse/contracts';
import { appOver } from '../testing/app.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const textOf = (page: string) =>
  readFileSync(new URL(`../../../docs/how-to/${page}`, import.meta.url), 'utf8');

/** The requests of a page: each is a block that begins with `curl`. */
function requestsOf(page: string) {
  return [...textOf(page).matchAll(/```sh\n(curl.*?)```/gs)].map(([, command = '']) => ({
    url: new URL(/http:\S+/.exec(command)![0].replace(/'$/, '')),
    headers: Object.fromEntries(
      [...command.matchAll(/--header '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]),
    ),
    payload: /--data '(.*)'/s.exec(command)?.[1],
  }));
}

const now = Date.UTC(2026, 5, 10, 12);
const yesterday = now - 86_400_000;
const shop = makeShop({ shop: 'demo-shop' });
const app = await appOver(
  createMemoryStore({
    ...{ shops: [shop], documents: [] },
    visits: [
      {
        ...{ firstTime: yesterday, device: 'mobile', channel: 'email', country: 'France', settled: true },
        steps: { searched: [yesterday], viewed: [yesterday], ordered: [yesterday + 1_000] },
      },
    ],
    facts: {
      orders: [
        {
          ...{ customerId: 'a', eventTime: yesterday, subtotal: 1, discount: 0, country: 'France' },
          ...{ device: 'mobile', channel: 'email', paymentMethod: 'card' },
        },
      ],
    },
  }),
  now,
);
after(() => app.close());

test('the requests for funnels and cohorts are answered as the page says', async () => {
  const requests = requestsOf('funnels-and-cohorts.md');
  assert.equal(requests.length, 3);
  for (const { url, headers, payload } of requests) {
    const answer = await app.inject({
      ...{ method: 'POST', url: url.pathname, payload: payload! },
      headers: { ...headers, host: url.host } as Record<string, string>,
    });
    assert.equal(answer.statusCode, 200, answer.body);
    if (headers.accept === 'text/csv') {
      assert.match(answer.body, /visits,,step,ordered,,1\r\n/);
      continue;
    }
    const { error, frames } = (answer.json() as QueryResponse).results.A!;
    assert.equal(error, undefined);
    assert.ok(frames[0]!.fields.some(({ values }) => values.includes(1)));
  }
});

test('what the page says is refused is refused', async () => {
  const [, open] = requestsOf('funnels-and-cohorts.md');
  const body = JSON.parse(open!.payload!) as { queries: { open?: boolean }[] };
  const payload = { ...body, queries: body.queries.map((query) => ({ ...query, open: false })) };
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/query',
    payload,
    headers: { host: 'localhost' },
  });
  assert.equal((answer.json() as QueryResponse).results.A!.error?.code, 'invalid_request');
});
