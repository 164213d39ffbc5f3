import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type MetricDocument } from '@storepulse/contracts';
import { familiesOf } from '../metrics/families.ts';
import { scrapeStore } from '../metrics/scrape.ts';
import type { MetricStore } from '../store/store.ts';
import { appOver } from '../testing/app.ts';
import { ask, numbers } from '../testing/ask.ts';
import { documentsOf, type Happening } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

/**
 * The processor commits and merges while a query is answered. Whichever two reads of the store that comes between, the
 * answer is one that was true before or after it.
 */
const DAY = 86_400_000;
const shop = makeShop({ timeZone: 'UTC' });
const BEGIN = Date.UTC(2026, 0, 1);
const day = (n: number) => BEGIN + n * DAY;
const at = (time: number): Happening => ({ time, adds: { orders: 1, active_visitors: 'ann' } });

interface State {
  readonly merged: readonly MetricDocument[];
  /** What was counted and is not merged. */
  readonly waiting?: readonly MetricDocument[];
}

const storeOf = ({ merged, waiting = [] }: State, until: number) =>
  createMemoryStore({
    shops: [shop],
    documents: merged,
    counted: new Map([...merged, ...waiting].map(({ _id, version }) => [_id, version])),
    progress: [
      {
        offsets: { transactions: 1 },
        watermarks: { [shop.shop]: until },
        latest: { [shop.shop]: until },
      },
    ],
  });

/** A store that is in another state after so many reads. */
function changingAfter(reads: number, before: MetricStore, after: MetricStore): MetricStore {
  let done = 0;
  return new Proxy(before, {
    get: (_, name: keyof MetricStore) => {
      const method = (...args: never[]) => {
        const store = done++ < reads ? before : after;
        return (store[name] as (...args: never[]) => unknown)(...args);
      };
      return method;
    },
  });
}
const MOST_READS = 12;
const everyMoment = Array.from({ length: MOST_READS }, (_, reads) => reads);

test('a window that is still open and is merged while it is read is no gap', async () => {
  const open = BEGIN + 10_000;
  const now = open + 5_000;
  const first = documentsOf(catalog, shop, [at(BEGIN)]);
  const both = documentsOf(catalog, shop, [at(BEGIN), at(open)]).map((document) => ({
    ...document,
    version: 2,
  }));
  const series = { metric: 'active_visitors', interval: '10s' } as const;
  const options = { range: { from: BEGIN, to: now }, now };
  const seen = new Set<number | null>();
  for (const reads of everyMoment) {
    const before = storeOf({ merged: first }, now - 1_000);
    const after = storeOf({ merged: both }, now - 1_000);
    seen.add(numbers(await ask(changingAfter(reads, before, after), series, options))[1]!);
  }
  assert.deepEqual([...seen].sort(), [0, 1]);
});

test('a day of history that is counted while it is read is never a zero', async () => {
  const today = documentsOf(catalog, shop, [at(day(5))]);
  const firstDay = documentsOf(catalog, shop, [at(day(0))]);
  const third = documentsOf(catalog, shop, [at(day(2))]);
  const options = { range: { from: day(0), to: day(6) }, now: day(6) };
  for (const reads of everyMoment) {
    const before = storeOf({ merged: today }, day(6));
    const after = storeOf({ merged: [...firstDay, ...today], waiting: third }, day(6));
    const values = numbers(
      await ask(changingAfter(reads, before, after), { metric: 'orders', interval: '1d' }, options),
    );
    assert.equal(values[2], null, `after ${reads} reads`);
  }
});

test('a shop that is merged for the first time while it is scraped has its figures or zeros, not neither', async () => {
  const families = familiesOf(catalog).filter(({ name }) => name === 'storepulse_orders_total');
  const documents = documentsOf(catalog, shop, [at(BEGIN)], ['all']);
  for (const reads of everyMoment) {
    const store = changingAfter(reads, storeOf({ merged: [] }, BEGIN), storeOf({ merged: documents }, BEGIN));
    const scrape = await scrapeStore(store, families, (error) => assert.ifError(error), BEGIN);
    const values = scrape.families[0]!.samples.map(({ value }) => value);
    assert.ok(values[0] === 0 || values[0] === 1, `${values} after ${reads} reads`);
  }
});

test('values of a dimension that are said to be complete are all there', async () => {
  const sale: Happening = { time: BEGIN, adds: { orders: 1 }, dimensions: { country: 'France' } };
  const documents = documentsOf(catalog, shop, [sale], ['all']);
  // The route reads four times.
  for (const reads of everyMoment.slice(0, 5)) {
    const before = storeOf({ merged: [], waiting: documents }, BEGIN);
    const app = await appOver(changingAfter(reads, before, storeOf({ merged: documents }, BEGIN)));
    const { values, complete } = (
      await app.inject(`/api/v1/dimensions/country/values?shop=${shop.shop}`)
    ).json();
    assert.deepEqual(complete ? values : [], complete ? ['France'] : [], `after ${reads} reads`);
  }
});
