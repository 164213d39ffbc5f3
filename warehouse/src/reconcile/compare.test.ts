import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { askedOf } from './asked.ts';
import type { Cells } from './cells.ts';
import { compare } from './compare.ts';
import { report } from './report.ts';

const DAY = '2026-01-31';
const cells = (entries: Record<string, number | { low: number; high: number }>): Cells =>
  new Map(Object.entries(entries).map(([key, figure]) => [`${DAY}|${key}`, figure]));
const told = (stream: Cells, warehouse: Cells, ledger?: Cells, undecided: string[] = []) =>
  compare(catalog, { shop: 'demo', stream, warehouse, ledger, undecidedDays: new Set(undecided) });

test('a figure that differs by one unit is found, with what was expected, what is shown and the difference', () => {
  const found = told(cells({ 'gross_sales|total|all': 100 }), cells({ 'gross_sales|total|all': 101 }));
  assert.deepEqual(found.differences, [
    {
      ...{ shop: 'demo', day: DAY, metric: 'gross_sales', dimension: 'total', value: 'all' },
      ...{ expected: 100, expectedBy: 'stream', shown: 101, shownBy: 'warehouse' },
    },
  ]);
  const text = report({
    ...found,
    shops: [{ shop: 'demo', from: DAY, to: DAY }],
    leftOut: [
      { metric: 'customers_to_date', dimension: 'segment', why: 'a segment changes with time alone' },
      { metric: 'sales_target', dimension: 'total', why: 'nothing is counted' },
    ],
  });
  assert.match(text, /gross_sales +total +all +100 \(stream\) +101 \(warehouse\) +\+1\n/);
  assert.match(text, /\nNot compared: customers_to_date by segment \(a segment changes/);
  assert.match(text, /\nNot compared: sales_target \(nothing is counted\)\.\n1 cells compared .*1 differ\.$/);
});

test('a metric over facts is not asked of the ledger, which knows none', () => {
  const [right, wrong] = [cells({ 'new_customers|total|all': 3 }), cells({ 'new_customers|total|all': 4 })];
  assert.deepEqual(told(right, right, cells({})).differences, []);
  const [difference] = told(right, wrong, cells({})).differences;
  assert.deepEqual(
    [difference?.expected, difference?.expectedBy, difference?.shown, difference?.shownBy],
    [3, 'stream', 4, 'warehouse'],
  );
});

test('every metric of the catalogue is asked for by each of its dimensions, computed from others, or left out for a reason', () => {
  const { asked, leftOut } = askedOf(catalog);
  const key = ({ metric, dimension }: { metric: string; dimension: string }) => `${metric}|${dimension}`;
  const known = new Set([...asked, ...leftOut].map(key));
  for (const metric of catalog.metrics.values())
    for (const dimension of ['total', ...catalog.dimensionsOf(metric)]) {
      const isComputed = metric.kind === 'derived' || metric.kind === 'ratio';
      assert.equal(known.has(key({ metric: metric.name, dimension })), !isComputed, metric.name);
    }
  assert.equal(known.size, asked.length + leftOut.length);
  const distributions = [...catalog.metrics.values()].filter(
    (metric) => metric.kind === 'stored' && metric.measure === 'distribution',
  );
  const ofFacts = new Set(
    leftOut.map(({ metric }) => metric).filter((name) => catalog.metrics.get(name)!.kind === 'fact'),
  );
  assert.deepEqual(
    new Set(leftOut.map(({ metric }) => metric)),
    new Set([...distributions.map(({ name }) => name), ...ofFacts]),
  );
  assert.deepEqual(
    leftOut
      .filter(({ metric, dimension }) => ofFacts.has(metric) && dimension !== 'segment')
      .map(key)
      .sort(),
    ['products_out_of_stock|category', 'products_out_of_stock|total', 'sales_target|total'],
  );
});

test('with a ledger it is told who is wrong', () => {
  const [right, wrong] = [cells({ 'orders|country|GB|IE': 3 }), cells({})];
  assert.deepEqual(told(right, right, right).differences, []);
  const of = (found: ReturnType<typeof told>) =>
    found.differences.map(({ expected, expectedBy, shown, shownBy, value }) => [
      value,
      expected,
      expectedBy,
      shown,
      shownBy,
    ]);
  assert.deepEqual(of(told(wrong, right, right)), [['GB|IE', 3, 'ledger', undefined, 'stream']]);
  assert.deepEqual(of(told(right, wrong, right)), [['GB|IE', 3, 'ledger', undefined, 'warehouse']]);
});

test('estimates may be off by what they declare, and by no more; a few hundred distinct ids are exact', () => {
  const many = (n: number) => cells({ 'buyers|total|all': n });
  assert.deepEqual(told(many(10_200), many(10_000)).differences, []);
  assert.equal(told(many(11_500), many(10_000)).differences.length, 1);
  assert.equal(told(many(201), many(200)).differences.length, 1);
  const between = cells({ 'view_duration_p50|total|all': { low: 100, high: 200 } });
  const median = (n: number) => cells({ 'view_duration_p50|total|all': n });
  for (const n of [99.5, 150, 201]) assert.deepEqual(told(median(n), between).differences, [], `${n}`);
  assert.equal(told(median(210), between).differences.length, 1);
});

test('what an answer has no place for is compared as a sum', () => {
  const stream = cells({ 'units|sku|A': 5, 'units|sku|other': 7 });
  assert.deepEqual(
    told(stream, cells({ 'units|sku|A': 5, 'units|sku|B': 4, 'units|sku|C': 3 })).differences,
    [],
  );
  assert.equal(told(stream, cells({ 'units|sku|A': 5, 'units|sku|B': 4 })).differences.length, 1);
});

test('what is judged of visits that go on is left out, and counted', () => {
  const [stream, warehouse] = [
    cells({ 'settled_sessions|total|all': 1 }),
    cells({ 'settled_sessions|total|all': 2 }),
  ];
  assert.equal(told(stream, warehouse).differences.length, 1);
  assert.deepEqual(told(stream, warehouse, undefined, [DAY]), { cells: 0, undecided: 1, differences: [] });
});
