import { type Shop, type StoreEvent, toRecord } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/processor/testing/events';
import { createRandom } from '@storepulse/simulator/random/random';
import { unescapeCells } from '../../support/figures/mongo.ts';
import { readDeadLetters } from '../../support/pipeline/dead-letters.ts';
import { until } from '../../support/until.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { openLane } from '../support/lane.ts';
import { type OddTime, oddTimes, ZONES } from '../support/odd-times.ts';
import {
  addTo,
  type CellNumbers,
  cellName,
  cutName,
  differencesOf,
  shownCells,
  windowStarts,
} from '../support/oracle.ts';

const CUTS = new Set([cutName('orders', 'total'), cutName('gross_sales', 'total')]);

const shopOf = (timeZone: string) => timeZone.toLowerCase().replaceAll(/[^a-z]/g, '-');

/** Orders whose times are late, early, skewed, or where clocks do odd things; each of an amount of its own. */
export const oddTimeRow: Row = {
  id: 'R8',
  what: 'late and skewed events, changes of clocks, leap seconds, the future and the past',
  figure: 'each is counted in its windows or is a dead letter; none is lost',
  repeats: 200,
  small: 200,
  run: async ({ servers: startServers, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    const lane = await openLane({ servers, name, faults: {} });
    const letters = await readDeadLetters(lane.pipeline);
    const cases = oddTimes(repeats, Date.now(), createRandom(name));
    await lane.startProcessor();
    await lane.send(ZONES.map((timeZone) => toRecord(aShop(timeZone), 'chaos')));
    await lane.send(
      cases.map((odd, n) => ({ ...toRecord(orderOf(odd, n), 'chaos'), timestamp: odd.recordTime })),
    );
    await lane.drain();

    const refused = cases.filter(({ isPossible }) => !isPossible).length;
    await until(
      'all that are refused are dead letters',
      () => letters.length,
      (n) => n >= refused,
    );
    const stored = new Set((await lane.pipeline.db.collection('orders').distinct('orderId')).map(String));
    const dead = new Map(letters.map(({ value, origin }) => [orderIdIn(value), origin.reason]));
    for (const [n, odd] of cases.entries()) {
      await attempts.repeat(`${odd.what}, ${odd.timeZone}`, async () => {
        const seen = { stored: stored.has(`order-${n}`), dead: dead.get(`order-${n}`) };
        if (
          seen.stored !== odd.isPossible ||
          seen.dead !== (odd.isPossible ? undefined : 'impossible-time')
        ) {
          throw new Error(`${new Date(odd.eventTime).toISOString()}: ${JSON.stringify(seen)}`);
        }
        return undefined;
      });
    }
    for (const timeZone of ZONES) {
      const shop = shopOf(timeZone);
      const documents = await lane.pipeline.metrics.find({ shop, group: 'sales', part: 'narrow' }).toArray();
      const windows = documents.map(({ resolution, start, cells }) => ({
        resolution,
        start: start.getTime(),
        cells: { total: unescapeCells(cells).total! },
      }));
      attempts.differences(differencesOf(shop, expectedOf(cases, timeZone), shownCells(windows, CUTS)));
    }
    return attempts.outcome();
  },
};

function aShop(timeZone: string): Shop & StoreEvent {
  const shop = shopOf(timeZone);
  return { ...SHOP, shop, timeZone, eventId: `shop-${shop}`, eventTime: Date.UTC(2000, 0, 1) };
}

const amountOf = (n: number) => 1_000 + n;

function orderOf({ timeZone, eventTime }: OddTime, n: number): StoreEvent {
  const amount = amountOf(n);
  return anOrder({
    shop: shopOf(timeZone),
    eventId: `odd-event-${n}`,
    orderId: `order-${n}`,
    visitorId: `v${n}`,
    sessionId: `s${n}`,
    eventTime,
    lines: [{ sku: 'A', category: 'Mugs', quantity: 1, unitPrice: amount, discount: 0 }],
    subtotal: amount,
    discount: 0,
    shipping: 0,
    tax: 0,
    total: amount,
  });
}

function orderIdIn(value: Buffer | null): string {
  return (JSON.parse(String(value)) as { orderId: string }).orderId;
}

function expectedOf(cases: readonly OddTime[], zone: string): CellNumbers {
  const startsOf = windowStarts(zone);
  const cells: CellNumbers = new Map();
  for (const [n, { timeZone, eventTime, isPossible }] of cases.entries()) {
    if (timeZone !== zone || !isPossible) continue;
    for (const [resolution, start] of startsOf(eventTime)) {
      addTo(cells, cellName(resolution, start, 'orders', 'total', 'all'), 1);
      addTo(cells, cellName(resolution, start, 'gross_sales', 'total', 'all'), amountOf(n));
    }
  }
  return cells;
}
