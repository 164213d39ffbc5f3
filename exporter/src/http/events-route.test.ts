import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { EventCounts, EventsPage } from '@storepulse/contracts';
import fc from 'fast-check';
import type { Static } from 'typebox';
import { eventSources } from '../live/event-selection.ts';
import { appOver } from '../testing/app.ts';
import { createMemoryLive } from '../testing/memory-live.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeOrder, makeReview } from '../testing/records.ts';
import { makeShop } from '../testing/shops.ts';

const shop = makeShop();
const time = Date.UTC(2026, 5, 1, 10);
const live = createMemoryLive({
  // Several kinds at the same instants, so that pages end between them.
  orders: Array.from({ length: 9 }, (_, n) =>
    makeOrder(`o${n}`, { eventTime: time + (n % 4) * 1_000, country: n % 2 === 0 ? 'France' : 'Spain' }),
  ),
  reviews: Array.from({ length: 6 }, (_, n) =>
    makeReview(`review-${n}`, { eventTime: time + (n % 3) * 1_000 }),
  ),
});
const app = await appOver(createMemoryStore({ shops: [shop], documents: [], live }), time + 60_000);
after(() => app.close());

const get = (query: string, headers: Record<string, string> = {}) =>
  app.inject({ url: `/api/v1/events?shop=${shop.shop}${query}`, headers: { host: 'localhost', ...headers } });
const page = async (query: string) => (await get(query)).json() as Static<typeof EventsPage>;
const idsOf = ({ events }: Static<typeof EventsPage>) => events.map(({ eventId }) => eventId as string);

test('pages of any length go over all events once, in both orders', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 16 }),
      fc.constantFrom('', '&sort=eventTime', '&sort=-eventTime'),
      fc.constantFrom(
        '',
        '&country=France',
        '&type=order_placed',
        '&type=review_submitted&type=order_placed',
      ),
      async (limit, sort, filter) => {
        const whole = await page(`${sort}${filter}`);
        const direction = sort === '&sort=eventTime' ? 1 : -1;
        const times = whole.events.map(({ eventTime }) => eventTime as number);
        assert.deepEqual(
          times,
          times.toSorted((a, b) => direction * (a - b)),
        );
        const told: string[] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          const part: Static<typeof EventsPage> = await page(
            `${sort}${filter}&limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`,
          );
          assert.ok(part.events.length <= limit);
          told.push(...idsOf(part));
          cursor = part.next;
        }
        assert.deepEqual(told, idsOf(whole));
        assert.equal(new Set(told).size, told.length);
        const counts: Record<string, number> = { '&country=France': 5 + 6, '&type=order_placed': 9 };
        assert.equal(told.length, counts[filter] ?? 15);
      },
    ),
  ));

test('a range, a filter and CSV', async () => {
  const range = await page('&from=2026-06-01T10:00:01Z&to=2026-06-01T10:00:03Z&type=order_placed');
  assert.deepEqual(
    [...new Set(range.events.map(({ eventTime }) => eventTime))],
    [time + 2_000, time + 1_000],
  );
  assert.equal(range.events[0]!.total, 2.55);
  assert.equal(range.currency, 'GBP');
  const csv = await get('&type=order_placed&limit=1&sort=eventTime', { accept: 'text/csv' });
  const [head, row] = csv.body.split('\r\n');
  assert.equal(head, 'eventTime,type,eventId,event');
  assert.match(row!, /^2026-06-01T10:00:00\.000Z,order_placed,event-o0,"\{""type"":""order_placed""/);
  assert.match(csv.headers.link as string, /cursor=.*; rel="next"/);
});

test('events of an order, and all but those of some', async () => {
  const ofOrder = await page('&orderId=o3&orderId=o5&orderId=none');
  assert.deepEqual(idsOf(ofOrder).toSorted(), ['event-o3', 'event-o5']);
  assert.deepEqual(idsOf(await page('&orderId=o3&orderId=o5&notOrderId=o3')), ['event-o5']);
  assert.deepEqual(idsOf(await page('&type=review_submitted&orderId=o3')), []);
  const notSpain = await page('&notCountry=Spain&notType=review_submitted');
  assert.deepEqual([...new Set(notSpain.events.map(({ country }) => country))], ['France']);
  assert.equal(notSpain.events.length, 5);
  assert.equal((await page('&notOrderId=o0&notDevice=desktop&notChannel=social')).events.length, 14);
});

test('what does not fit is told', async () => {
  const { next } = await page('&limit=1&type=order_placed');
  const cases = [
    ['&type=product_viewed', 'invalid_request', /must be one of order_placed/],
    ['&type=order_placed&notType=order_placed', 'invalid_request', /leave no type/],
    ['&from=2026-06-02&to=2026-06-01', 'invalid_range', /exchange them/],
    ['&cursor=x', 'invalid_request', /"cursor" is none that was answered/],
    [`&cursor=${next}&sort=eventTime`, 'invalid_request', /in the order -eventTime/],
    [`&cursor=${next}&type=review_submitted`, 'invalid_request', /ask for the same types as before/],
  ] as const;
  for (const [query, code, detail] of cases) {
    const problem = (await get(query)).json() as { code: string; detail: string };
    assert.equal(problem.code, code, query);
    assert.match(problem.detail, detail);
  }
});

const countsOf = async (query: string) =>
  (
    await app.inject({
      url: `/api/v1/events/counts?shop=${shop.shop}${query}`,
      headers: { host: 'localhost' },
    })
  ).json() as Static<typeof EventCounts>;
const RANGE = '&from=2026-06-01T10:00:00Z&to=2026-06-01T10:00:04Z';

test('events are counted by type and step of time as they are listed', async () => {
  const { begin, stepMs, counts, completeFrom } = await countsOf(`${RANGE}&steps=5`);
  assert.deepEqual([begin, stepMs, completeFrom], [time, 1_000, time]);
  assert.deepEqual(counts, { order_placed: [3, 2, 2, 2], review_submitted: [2, 2, 2, 0] });
  const { counts: filtered } = await countsOf(`${RANGE}&steps=1&country=France&notType=review_submitted`);
  assert.deepEqual(filtered, { order_placed: [5] });
});

test('a step is a round one, begins at its multiples, and there are no more than asked for', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: time }),
      fc.integer({ min: 1, max: 1_000 * 86_400_000 }),
      fc.integer({ min: 1, max: 500 }),
      async (from, span, steps) => {
        const { begin, stepMs } = await countsOf(`&from=${from}&to=${from + span}&steps=${steps}`);
        assert.ok(begin <= from && from < begin + stepMs && begin % stepMs === 0);
        assert.ok(Math.ceil((from + span - begin) / stepMs) <= Math.max(steps, 2));
      },
    ),
  ));

test('counts that are cut say from when on they are whole', async () => {
  const selection = { sources: eventSources(shop.shop, {}), direction: -1 as const };
  const cut = await live.eventCounts(selection, { begin: time, stepMs: 1_000, most: 4 });
  // Of nine orders the latest four: two of the last instant, two of the one before.
  assert.equal(cut.completeFrom, time + 2_001);
  const count = cut.counts.reduce((sum, each) => sum + each.count, 0);
  assert.equal(count, 8);
});
