import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHOP } from '@storepulse/contracts/testing/events';
import { createShopTable } from './shop-table.ts';
import { followShops } from './shops.ts';
import type { LogPart, TopicLog } from './topic-log.ts';

/** A topic of one partition in memory; a fetch waits until there is something. */
function memoryLog() {
  const values: (Buffer | null)[] = [];
  let wake = () => {};
  let broken: Error | undefined;
  let opened = 0;
  const open = (): TopicLog => {
    opened += 1;
    let closed = () => {};
    const closing = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const check = () => {
      if (broken) throw broken;
    };
    return {
      offsets: async (which) => {
        check();
        return [which === 'begin' ? 0n : BigInt(values.length)];
      },
      fetch: async ([from], take: (part: LogPart) => void) => {
        if (values.length <= Number(from)) {
          const more = new Promise<void>((resolve) => {
            wake = resolve;
          });
          await Promise.race([more, closing]);
        }
        check();
        take({ partition: 0, next: BigInt(values.length), values: values.slice(Number(from)) });
      },
      close: async () => closed(),
    };
  };
  return {
    open,
    opened: () => opened,
    write: (...more: (Buffer | null)[]) => {
      values.push(...more);
      wake();
    },
    hold: (...more: (Buffer | null)[]) => values.push(...more),
    breakIt: (error: Error | undefined) => {
      broken = error;
      wake();
    },
  };
}

const fail = (error: unknown) => assert.fail(String(error));
const recordOf = (shop: object) => Buffer.from(JSON.stringify(shop));

test('shops are read from the beginning, and on; what is no shop has no effect', async () => {
  const log = memoryLog();
  log.hold(recordOf(SHOP), null, Buffer.from('{"type'), recordOf({ ...SHOP, shop: 'No Shop' }));
  const shops = followShops(createShopTable(), log.open, fail);
  assert.match(shops.trouble()!, /being read/);
  assert.equal(shops.get('demo'), undefined);
  log.write(recordOf({ ...SHOP, shop: 'second' }));
  for (let turns = 0; shops.trouble() !== undefined && turns < 1_000; turns++) await null;
  assert.equal(await shops.catchUp(), undefined);
  assert.deepEqual([shops.get('demo')?.currency, shops.get('second')?.shop], ['GBP', 'second']);
  assert.equal(shops.get('No Shop'), undefined);
  await shops.close();
});

test('a shop keeps the currency, scale and zone that it was told with first', async () => {
  const table = createShopTable();
  table.accept(recordOf(SHOP));
  table.accept(recordOf({ ...SHOP, currency: 'EUR', name: 'Other' }));
  table.accept(recordOf({ ...SHOP, name: 'Renamed' }));
  assert.deepEqual([table.get('demo')!.currency, table.get('demo')!.name], ['GBP', 'Renamed']);
});

test('whoever asks waits for what was on the topic by then', async () => {
  const log = memoryLog();
  const shops = followShops(createShopTable(), log.open, fail);
  for (let turns = 0; shops.trouble() !== undefined && turns < 1_000; turns++) await null;
  log.hold(recordOf(SHOP));
  const caughtUp = shops.catchUp();
  log.write();
  assert.equal(await caughtUp, undefined);
  assert.equal(shops.get('demo')?.shop, 'demo');
  await shops.close();
});

test('a failure is told, shops that were read stay known, and the topic is opened and read anew', async () => {
  const log = memoryLog();
  log.hold(recordOf(SHOP));
  const { promise: failure, resolve: failed } = Promise.withResolvers<unknown>();
  const shops = followShops(createShopTable(), log.open, failed);
  for (let turns = 0; shops.trouble() !== undefined && turns < 1_000; turns++) await null;
  log.breakIt(new Error('no broker answers'));
  assert.match(String(await failure), /no broker answers/);
  assert.equal(shops.trouble(), 'no broker answers');
  assert.equal(await shops.catchUp(), 'no broker answers');
  assert.equal(shops.get('demo')?.shop, 'demo');
  log.breakIt(undefined);
  while (shops.trouble() !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(log.opened(), 2);
  await shops.close();
});
