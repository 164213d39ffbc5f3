import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import type { Annotation } from '../store/store.ts';
import { appOver } from '../testing/app.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const shop = makeShop();
const NOW = Date.UTC(2026, 5, 2, 12);
const HOUR = 3_600_000;
const annotation = (id: string, start: number, fields: Partial<Annotation> = {}): Annotation => ({
  ...{ _id: `${shop.shop}|${id}`, shop: shop.shop, start, title: id, text: '', tags: ['scenario'] },
  ...fields,
});
const annotations = [
  annotation('over before', NOW - 9 * HOUR, { end: NOW - 8 * HOUR }),
  annotation('reaches in', NOW - 7 * HOUR, { end: NOW - 2 * HOUR }),
  annotation('goes on', NOW - 6 * HOUR, { tags: ['release', 'web'] }),
  annotation('release', NOW - HOUR, { end: NOW - HOUR, tags: ['release'], text: 'v2' }),
  annotation('of another shop', NOW - HOUR, { shop: 'other', _id: 'other|of another shop' }),
];
const app = await appOver(createMemoryStore({ shops: [shop], documents: [], annotations }), NOW);
const get = async (search: string) => {
  const answer = await app.inject(`/api/v1/annotations?${search}`);
  return { status: answer.statusCode, body: answer.json() };
};
const idsOf = ({ body }: { body: { annotations: { id: string }[] } }) => body.annotations.map(({ id }) => id);

test('annotations that touch the range are listed in the order of time, also what goes on', async () => {
  const range = `from=${NOW - 3 * HOUR}&to=${NOW}`;
  const answer = await get(`shop=${shop.shop}&${range}`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.deepEqual(idsOf(answer), ['reaches in', 'goes on', 'release']);
  const [reachesIn, goesOn, release] = answer.body.annotations;
  assert.deepEqual([reachesIn.end, goesOn.end, release.end], [NOW - 2 * HOUR, null, NOW - HOUR]);
  assert.deepEqual(release, {
    ...{ id: 'release', start: NOW - HOUR, end: NOW - HOUR, title: 'release', text: 'v2', tags: ['release'] },
  });
  assert.equal(answer.body.truncated, false);
});

test('times are written as in queries, and tags narrow', async () => {
  assert.deepEqual(idsOf(await get(`shop=${shop.shop}&from=now-90m&to=now`)), ['goes on', 'release']);
  assert.deepEqual(idsOf(await get(`shop=${shop.shop}&from=2026-06-02&to=2026-06-02T05:00`)), [
    'over before',
  ]);
  assert.deepEqual(idsOf(await get(`shop=${shop.shop}&tags=release`)), ['goes on', 'release']);
  assert.deepEqual(idsOf(await get(`shop=${shop.shop}&tags=release&tags=web`)), ['goes on']);
});

test('of more than the limit those that began last are listed, and it is said', async () => {
  const answer = await get(`shop=${shop.shop}&limit=1`);
  assert.deepEqual([idsOf(answer), answer.body.truncated], [['release'], true]);
});

test('hours that late events have corrected are told to who asks for them, and hide nothing from others', async () => {
  const happened = [NOW - 5 * HOUR, NOW - 5 * HOUR + 60_000, NOW - 2 * HOUR, NOW - 30 * HOUR];
  const counted = documentsOf(
    catalog,
    shop,
    happened.map((time) => ({ time, adds: { gross_sales: 1, orders: 1, sessions: 1 } })),
    ['1m', '1d'],
  );
  const updatedAt = new Date(NOW - 60_000);
  const documents = counted.map((document) => ({
    ...document,
    final: true,
    updatedAt,
    revision: document.start.getTime() < NOW - 3 * HOUR ? 2 : 0,
  }));
  const revised = await appOver(createMemoryStore({ shops: [shop], documents, annotations }), NOW);
  const ask = async (search: string) =>
    (await revised.inject(`/api/v1/annotations?shop=${shop.shop}&${search}`)).json();
  assert.deepEqual(await ask('tags=revision'), {
    annotations: [
      {
        ...{
          id: `revision-${NOW - 5 * HOUR}`,
          start: NOW - 5 * HOUR,
          end: NOW - 4 * HOUR,
          tags: ['revision'],
        },
        title: 'Corrected by late events',
        text: `4 windows of sales, sessions changed after they were final, the last time at ${updatedAt.toISOString()}`,
      },
    ],
    truncated: false,
  });
  assert.deepEqual(
    (await ask('tags=revision&from=now-2d&limit=1')).annotations.map(({ start }: { start: number }) => start),
    [NOW - 5 * HOUR],
  );
  assert.equal((await ask('tags=revision&from=now-2d&limit=1')).truncated, true);
  for (const search of ['', 'tags=release', 'tags=revision&tags=release'])
    for (const { tags } of (await ask(search)).annotations) assert.ok(!tags.includes('revision'), search);
});

test('an unknown shop and a range that is none are told', async () => {
  const codeOf = async (search: string) => {
    const { status, body } = await get(search);
    return [status, body.code];
  };
  assert.deepEqual(await codeOf('shop=nowhere'), [404, 'unknown_shop']);
  assert.deepEqual(await codeOf(`shop=${shop.shop}&from=yesterday`), [400, 'invalid_range']);
  assert.deepEqual(await codeOf(`shop=${shop.shop}&from=now&to=now-1h`), [400, 'invalid_range']);
  assert.equal((await get('')).status, 400);
});
