import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRegistry, type Shop } from '@storepulse/contracts';
import fc from 'fast-check';
import { createDecoder } from './decode/decoder.ts';
import { createShopTable, readShops } from './shops.ts';
import { SHOP } from './testing/events.ts';
import { memoryKafka } from './testing/memory-kafka.ts';
import { memoryShopTerms } from './testing/shop-terms.ts';

const aRecord = (value: string, key: string = SHOP.shop) => ({
  key: Buffer.from(key),
  value: Buffer.from(value),
  headers: {},
  timestamp: SHOP.eventTime,
});
const recordOf = (shop: Shop, key: string = shop.shop) => ({
  ...aRecord(JSON.stringify(shop), key),
  offset: 0,
});
const aTable = (terms = memoryShopTerms()) => createShopTable(eventRegistry, terms, async () => undefined);

test('shops are those that the topic tells of; what is none is passed over', async () => {
  const { kafka } = memoryKafka([
    [aRecord('no JSON'), aRecord('{}')],
    [aRecord(JSON.stringify(SHOP)), aRecord(JSON.stringify({ ...SHOP, timeZone: 'Europe/Atlantis' }))],
  ]);
  const table = createShopTable(eventRegistry, memoryShopTerms(), () => reader.catchUp());
  const reader = await readShops(kafka, 'test', () => table, assert.fail);
  await table.refresh();
  assert.deepEqual(table.get(SHOP.shop)?.shop, SHOP);
  await reader.stop();
});

test('a record under the key of another shop changes nothing', async () => {
  const table = aTable();
  table.accept(recordOf(SHOP));
  await table.refresh();
  table.accept(recordOf({ ...SHOP, name: 'Taken over' }, 'other-shop'));
  await table.refresh();
  assert.deepEqual(table.get(SHOP.shop)?.shop, SHOP);
});

test('before a shop is counted its last record holds; from then on another currency is refused', async () => {
  const table = aTable();
  table.accept(recordOf({ ...SHOP, currency: 'EUR' }));
  table.accept(recordOf(SHOP));
  await table.refresh();
  table.accept(recordOf({ ...SHOP, currency: 'DKK' }));
  table.accept(recordOf({ ...SHOP, name: 'Renamed' }));
  await table.refresh();
  assert.deepEqual(table.get(SHOP.shop)?.shop, { ...SHOP, name: 'Renamed' });
});

test('another currency is refused also when compaction has left nothing else, and by every process', async () => {
  const terms = memoryShopTerms();
  const first = aTable(terms);
  first.accept(recordOf(SHOP));
  await first.refresh();
  const restarted = aTable(terms);
  restarted.accept(recordOf({ ...SHOP, currency: 'DKK', scale: 0, timeZone: 'Asia/Tokyo' }));
  await restarted.refresh();
  const { shop, calendar } = restarted.get(SHOP.shop)!;
  assert.deepEqual([shop.currency, shop.scale, calendar.timeZone], ['GBP', 2, 'Europe/London']);
});

test('whatever is a dead letter has no effect on a shop, and terms never change', async () => {
  const terms = memoryShopTerms();
  const table = aTable(terms);
  const decode = createDecoder(eventRegistry, (shop) => table.get(shop)?.shop);
  const told = fc.record({
    shop: fc.constantFrom('a', 'b'),
    key: fc.constantFrom('a', 'b'),
    name: fc.constantFrom('A', 'B'),
    currency: fc.constantFrom('GBP', 'DKK', 'no code'),
    scale: fc.constantFrom(2, 3),
    timeZone: fc.constantFrom('Europe/London', 'Asia/Tokyo', 'Europe/Atlantis'),
    ahead: fc.constantFrom(0, 3_600_000),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(told, { maxLength: 12 }), async (all) => {
      run++;
      const first = new Map<string, readonly unknown[]>();
      for (const { key, shop, name, ahead, ...fields } of all) {
        const id = `${shop}-${run}`;
        const event = { ...SHOP, ...fields, shop: id, name, eventTime: SHOP.eventTime + ahead };
        const record = recordOf(event, `${key}-${run}`);
        const before = table.get(id)?.shop;
        const fate = decode('shops', record).kind;
        table.accept(record);
        await table.refresh();
        const after = table.get(id)?.shop;
        if (fate === 'unreadable') assert.deepEqual(after, before);
        else assert.equal(after?.name, name);
        if (!after) continue;
        const counted = [after.currency, after.scale, after.timeZone];
        if (!first.has(id)) first.set(id, counted);
        assert.deepEqual(counted, first.get(id));
      }
    }),
  );
});

test('the end of the reader is told: without shops nothing can be claimed', async () => {
  const { kafka } = memoryKafka([[]]);
  const ended: string[] = [];
  const ending: typeof kafka = {
    ...kafka,
    consumer: (options) => ({
      ...kafka.consumer(options),
      start: async ({ onCrash }) => onCrash(new Error('no broker for minutes')),
    }),
  };
  const reader = await readShops(ending, 'test', aTable, ({ message }) => ended.push(message));
  assert.deepEqual(ended, ['no broker for minutes']);
  await reader.stop();
});

test('a wait for shops has an end, which tells what is not read and why', async () => {
  const { kafka } = memoryKafka([[aRecord(JSON.stringify(SHOP))], [aRecord('{}'), aRecord('{}')]]);
  const { consumer } = kafka;
  const broken: typeof kafka = {
    ...kafka,
    consumer: (options) => {
      const member = consumer(options);
      return {
        ...member,
        start: (handlers) =>
          member.start({
            ...handlers,
            onBatch: async (batch, control) => {
              if (batch.partition === 0) await handlers.onBatch(batch, control);
              else handlers.onTrouble?.('shops', 1, new Error('its records are of format 1'));
            },
          }),
      };
    },
  };
  const reader = await readShops(broken, 'test', aTable, assert.fail, 20);
  const unread = await reader.catchUp();
  assert.deepEqual([...unread!.partitions], [1]);
  assert.equal(unread!.error.code, 'SHOPS_NOT_READ');
  assert.match(unread!.error.message, /: partition 1 is at 0 of 2 \(its records are of format 1\)\.$/);
  await reader.stop();
});

test('a partition without a leader is waited for by nobody but new shops; shops that were counted are known', async () => {
  const elsewhere = { ...SHOP, shop: 'elsewhere' };
  const { kafka } = memoryKafka([[aRecord(JSON.stringify(SHOP))], [aRecord('{}')]]);
  const { knownBounds } = kafka;
  const leaderless: typeof kafka = {
    ...kafka,
    knownBounds: async (topics) => {
      const { bounds } = await knownBounds(topics);
      return {
        bounds: new Map([['shops', bounds.get('shops')!.slice(0, 1)]]),
        unavailable: [{ topic: 'shops', partition: 1, reason: 'it has no leader' }],
      };
    },
  };
  const terms = memoryShopTerms([{ ...SHOP, name: 'As it was told before' }, elsewhere]);
  const table = createShopTable(eventRegistry, terms, () => reader.catchUp());
  const reader = await readShops(leaderless, 'test', () => table, assert.fail);
  const unread = await table.refresh();
  assert.match(unread!.error.message, /: partition 1 \(it has no leader\)\.$/);
  assert.deepEqual(table.get(SHOP.shop)?.shop, SHOP);
  assert.deepEqual(table.get('elsewhere')?.shop, elsewhere);
  assert.equal(table.get('new'), undefined);
  await reader.stop();
});
