import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type StoredMetric, type StoreEvent, toRecord } from '@storepulse/contracts';
import type { FaultShares } from '../faults/faults.ts';
import { createEngine } from '../run/engine.ts';
import type { OutgoingRecord } from '../sink/event-sink.ts';
import { EVERY_FAULT } from '../testing.ts';
import { createShopWorld } from '../world/shop-world.ts';
import { add, addId, emptyBook, mergeBooks, type Tally } from './book.ts';
import { cellsOf } from './cells.ts';
import { visitFacet } from './definitions.ts';
import { createIdLedger } from './ids.ts';
import { createLedger, ledgerWindowMs } from './ledger.ts';
import { type PlainBook, parseBook } from './plain-book.ts';
import { BRUTE_FORCE, type Row } from './testing/brute-force.ts';
import { readPlainly } from './testing/plain-reader.ts';

const ORIGIN = Date.UTC(2026, 0, 5, 9);

/** A run with its ledger, and the records as Kafka has them. */
function run(faults: FaultShares, count = 15_000) {
  const worlds = [createShopWorld({ shop: 'first', market: 'gb' }, ORIGIN)];
  const profile = { profile: 'constant-arrival-rate', rate: 0.03 } as const;
  const engine = createEngine({ seed: 'one', worlds, origin: ORIGIN, profile });
  engine.command({ at: ORIGIN, command: { command: 'faults', faults } });
  engine.command({
    at: ORIGIN + 100 * 3_600_000,
    command: { command: 'scenario-start', scenario: 'stock-out' },
  });
  // What becomes of orders is rare and late; for some hours there is plenty of it.
  engine.command({
    at: ORIGIN + 20 * 3_600_000,
    command: { command: 'scenario-start', scenario: 'order-rush' },
  });
  engine.command({
    at: ORIGIN + 40 * 3_600_000,
    command: { command: 'scenario-end', scenario: 'order-rush' },
  });
  const ledger = createLedger('run', ORIGIN);
  const records: OutgoingRecord[] = [];
  const written: OutgoingRecord[] = [];
  for (let n = 0; n < count; n++) {
    const due = engine.peek();
    const emission = engine.take();
    ledger.record(emission, due);
    if (engine.endedVisit !== null) ledger.endVisit(engine.endedVisit);
    if (emission.record) records.push({ ...emission.record, timestamp: Math.floor(due) });
    written.push(...ledger.take());
  }
  return { ledger, records, written };
}

interface WrittenWindow extends PlainBook {
  readonly kind: string;
  readonly start: number;
}

/** The windows on the topic: what was written of each, added up. */
function windowsOf(records: readonly OutgoingRecord[]) {
  const windows = new Map<number, ReturnType<typeof emptyBook>>();
  for (const { value } of records) {
    const body = JSON.parse(value) as WrittenWindow;
    if (body.kind !== 'window') continue;
    const book = windows.get(body.start) ?? emptyBook();
    windows.set(body.start, book);
    mergeBooks(book, parseBook(body));
  }
  return windows;
}

/** What a tally comes down to, as brute force has it too. */
function plainTally(tally: Tally | undefined): unknown {
  if (tally instanceof Set) return [...tally].sort();
  if (tally instanceof Map) return [...tally].sort(([a], [b]) => a - b);
  return typeof tally === 'object' ? tally.value : tally;
}

/** The same from rows. */
function tallyOfRows({ measure }: StoredMetric, rows: readonly Row[]): unknown {
  const values = rows.map(({ value }) => value);
  if (measure === 'distinct') return [...new Set(values)].sort();
  if (measure === 'last') return rows.toSorted((a, b) => a.time - b.time).at(-1)!.value;
  if (measure === 'count' || measure === 'sum')
    return values.reduce<number>((sum, value) => sum + Number(value), 0);
  const occurrences = Map.groupBy(values as number[], (value) => value);
  return [...occurrences].map(([value, same]) => [value, same.length]).sort(([a], [b]) => a! - b!);
}

const stored = [...catalog.metrics.values()].filter((metric) => metric.kind === 'stored');

test('the ledger, and brute force that it is tested against, know every stored metric of the catalogue', () => {
  assert.deepEqual(Object.keys(BRUTE_FORCE).sort(), stored.map(({ name }) => name).sort());
});

for (const [name, faults] of [
  ['without faults', {}],
  ['with every fault at once', EVERY_FAULT],
] as const) {
  test(`each window of the ledger is what a plain reading of the topics gives, by each metric and label, ${name}`, () => {
    const { ledger, records, written } = run(faults);
    const events = readPlainly(records, new Map([['first', { currency: 'GBP' }]]), ORIGIN);
    const windows = new Map(
      [...windowsOf([...written, ...ledger.take(true)])].map(([start, book]) => [start, cellsOf(book)]),
    );
    const compared = new Set<string>();
    const times = new Map<string, number>();
    for (const metric of stored) {
      const rows = BRUTE_FORCE[metric.name]!(events);
      for (const dimension of ['total', ...metric.dimensions]) {
        const cells = Map.groupBy(rows, ({ time, labels }) => {
          const label = dimension === 'total' ? 'all' : (labels[dimension] ?? 'unknown');
          return `${Math.floor(time / 10_000) * 10_000}|${label}`;
        });
        for (const [key, own] of cells) {
          const [start, label] = key.split('|') as [string, string];
          const tally = windows.get(Number(start))?.get(metric.name)?.get(dimension)?.get(label);
          // What is judged has the times at which visits ended instead of a number.
          const is =
            tally instanceof Map && metric.measure === 'count'
              ? [...tally.values()].reduce((a, b) => a + b)
              : plainTally(tally);
          assert.deepEqual(
            is,
            tallyOfRows(metric, own),
            `${metric.name} by ${dimension}=${label} at ${start}`,
          );
          compared.add(`${metric.name}|${dimension}|${label}|${start}`);
        }
      }
      times.set(metric.name, rows.length);
    }
    for (const [start, cells] of windows) {
      for (const metric of stored) {
        for (const dimension of ['total', ...metric.dimensions]) {
          for (const [label, tally] of cells.get(metric.name)?.get(dimension) ?? []) {
            const key = `${metric.name}|${dimension}|${label}|${start}`;
            assert.ok(compared.has(key) || tally === 0, `${key} is in the ledger alone`);
          }
        }
      }
    }
    const never = [...times].filter(([, rows]) => rows === 0).map(([metric]) => metric);
    assert.deepEqual(never, ['adjustments'], 'metrics that this run does not move');
  });
}

test('the fates of the ledger add up to the records, and as many are processed as a plain reading gives', () => {
  const { ledger, records } = run(EVERY_FAULT);
  const events = readPlainly(records, new Map([['first', { currency: 'GBP' }]]), ORIGIN);
  const fates = Object.values(ledger.summary('first')!.fates).flatMap((byFate) => Object.entries(byFate));
  const count = (of: (fate: string) => boolean) =>
    fates.filter(([fate]) => of(fate)).reduce((sum, [, records]) => sum + records, 0);
  assert.equal(
    count(() => true),
    records.length,
  );
  assert.equal(
    count((fate) => fate === 'processed'),
    events.length,
  );
  assert.ok(count((fate) => fate === 'duplicate') > 200);
});

test('the sums of the whole run are those of its windows, while visits go on and after they were written', () => {
  const { ledger, written } = run({ late: 0.2 });
  const before = ledger.summary('first')!;
  assert.ok(before.pending.length > 0 && written.length > 0);
  const whole = emptyBook();
  const all = [...written, ...ledger.take(true)];
  for (const book of windowsOf(all).values()) mergeBooks(whole, book);
  const cells = cellsOf(whole);
  for (const metric of ['sessions', 'orders', 'gross_sales']) {
    assert.equal(before.sums[metric]!.total!.all, cells.get(metric)!.get('total')!.get('all'));
  }
  assert.deepEqual(ledger.summary('first')!.sums, before.sums);
  assert.deepEqual(ledger.summary('first')!.distinct, before.distinct);
});

test('what is pending, and what is on the topic up to the same record, are the whole', () => {
  const { ledger, written } = run({});
  const { pending, seq } = ledger.summary('first')!;
  assert.equal(seq, written.length);
  const whole = emptyBook();
  for (const book of windowsOf(written).values()) mergeBooks(whole, book);
  for (const window of pending) mergeBooks(whole, parseBook(window));
  const rest = emptyBook();
  for (const book of windowsOf([...written, ...ledger.take(true)]).values()) mergeBooks(rest, book);
  assert.deepEqual(cellsOf(whole).get('active_visitors'), cellsOf(rest).get('active_visitors'));
  assert.deepEqual(cellsOf(whole).get('sessions'), cellsOf(rest).get('sessions'));
});

test('a visit that a long pause interrupts stays one visit', () => {
  const ledger = createLedger('run', ORIGIN);
  const visit = {
    shop: 'first',
    visitorId: 'v',
    sessionId: 's',
    customerId: null,
    device: null,
    channel: null,
    country: null,
  };
  const view = (eventId: string, eventTime: number): StoreEvent => ({
    type: 'cart_viewed',
    ...visit,
    eventId,
    eventTime,
    items: 0,
  });
  const record = (event: StoreEvent) => {
    ledger.record(
      { event, record: toRecord(event, '/test'), fate: 'processed', fault: null },
      event.eventTime,
    );
    return ledger.take();
  };
  const written = [
    ...record(view('event-one', ORIGIN)),
    ...record(view('event-two', ORIGIN + 5 * 3_600_000)),
  ];
  const windows = windowsOf([...written, ...ledger.take(true)]);
  const sessions = [...windows.values()].map(
    (book) => cellsOf(book).get('sessions')?.get('total')?.get('all') ?? 0,
  );
  assert.deepEqual(sessions.sort(), [0, 1]);
});

test('every record of the ledger has a key of its own, and fits into what a broker takes', () => {
  const { ledger, written } = run({}, 20_000);
  const all = [...written, ...ledger.take(true)];
  assert.equal(new Set(all.map(({ key }) => key)).size, all.length);
  assert.ok(Math.max(...all.map(({ value }) => value.length)) < 700_000);
});

test('ids are counted exactly while there is room, and said to be unknown when there is none', () => {
  const visit = { country: 'GB', device: 'mobile', channel: 'direct' };
  const ids = createIdLedger(220);
  const addIds = (metric: string, count: number, different: number) => {
    const book = emptyBook();
    for (let n = 0; n < count; n++) addId(visitFacet(book, visit), metric, `v${n % different}`);
    add(visitFacet(book, visit), 'orders', 1);
    ids.addAll(book);
  };
  addIds('buyers', 60, 50);
  addIds('buyers', 60, 50);
  assert.equal(ids.counts().buyers, 50);
  addIds('active_visitors', 200, 200);
  assert.deepEqual(ids.counts(), { buyers: 50, active_visitors: null });
});

test('a shop that the run does not have has no ledger', () => {
  assert.equal(createLedger('run', ORIGIN).summary('nowhere'), undefined);
});

test('windows of history are as fine as the metrics keep them at that age, or as the days of any time zone need', () => {
  const day = 86_400_000;
  assert.deepEqual([0, day, 3 * day, 30 * day].map(ledgerWindowMs), [10_000, 10_000, 60_000, 900_000]);
});
