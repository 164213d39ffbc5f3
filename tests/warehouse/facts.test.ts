import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalog, type Shop, zoneCalendar } from '@storepulse/contracts';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { openDatabase, readProject, refresh } from '@storepulse/warehouse';
import { askedOf } from '@storepulse/warehouse/reconcile/asked';
import { readWarehouse, tellFacts } from '@storepulse/warehouse/reconcile/read-warehouse';
import { onceEach } from '../depth/brute-force.ts';
import { customersByHand } from '../depth/customers-by-hand.ts';
import { BEGIN, LENGTH, randomLives } from '../depth/lives.ts';
import { lakeOfLog, placedIn } from './lake-of-events.ts';

const NOW = BEGIN + LENGTH;
/** Days of each shop that are compared, one in so many. */
const EACH = 37;
const ZONES = ['Pacific/Auckland', 'America/New_York'];
const ofFacts = askedOf(catalog).asked.filter(({ isOfFacts }) => isOfFacts);

test('metrics over facts are, by every dimension, what going over everything by hand comes to on that day', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'warehouse-facts-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const shops = ZONES.map((timeZone, i) =>
    makeShop({ shop: `shop-${i}`, timeZone, currency: 'JPY', scale: 0 }),
  );
  const lives = randomLives(shops, Number(process.env.STOREPULSE_SEED ?? 3));
  const records = shops.map((shop) => ({ event: shop, key: shop.shop, recordTime: BEGIN }));
  const events = placedIn([...records, ...[...lives.values()].flat()]);
  const known = new Map(shops.map((shop) => [shop.shop, shop]));
  const database = await openDatabase(':memory:', { threads: 1 });
  t.after(() => database.close());
  await refresh({
    database,
    project: readProject(),
    lake: {
      files: await lakeOfLog(folder, known, events),
      placeOf: (path) => join(folder, path),
      isErased: () => false,
    },
    scope: { kind: 'all' },
    settledThrough: NOW,
  });
  await tellFacts(database);
  let compared = 0;
  for (const shop of shops) {
    const byHand = customersByHand(
      shop,
      onceEach(events.filter(({ event }) => event.shop === shop.shop)),
      NOW,
    );
    const days = daysOf(shop);
    const shown = await readWarehouse(database, {
      shop: shop.shop,
      from: days[0]!.day,
      to: days.at(-1)!.day,
    });
    const figures = Map.groupBy(shown, ([key]) => key.split('|', 3).join('|'));
    for (const { day, ...span } of days.filter((_, n) => n % EACH === 0)) {
      for (const { metric, dimension } of ofFacts) {
        const groupBy = dimension === 'total' ? [] : [dimension];
        const expected = byHand.table(catalog.metrics.get(metric)!, groupBy, span, () => true);
        const cell = `${day}|${metric}|${dimension}`;
        const told = figures.get(cell) ?? [];
        const right = [...expected].filter(([, value]) => value !== null && value !== 0);
        const ofTotal = (value: string) => (dimension === 'total' ? 'all' : value);
        assert.deepEqual(
          new Map(told.map(([key, figure]) => [key.slice(cell.length + 1), figure])),
          new Map(right.map(([value, figure]) => [ofTotal(value), figure])),
          cell,
        );
        compared += right.length;
      }
    }
  }
  t.diagnostic(`${compared} numbers`);
  assert.ok(compared > 500, `${compared}`);
});

/** The days of the shop from its first event's to its last one's, as spans of instants. */
function daysOf({ timeZone }: Shop): { day: string; from: number; to: number }[] {
  const calendar = zoneCalendar(timeZone);
  const days = [];
  for (let at = BEGIN; at < NOW; at += 86_400_000) {
    const { year, month, day } = calendar.localDate(at);
    const text = [year, month, day].map((n) => String(n).padStart(2, '0')).join('-');
    days.push({ day: text, from: calendar.dayStart(at), to: calendar.dayEnd(at) });
  }
  return days;
}
