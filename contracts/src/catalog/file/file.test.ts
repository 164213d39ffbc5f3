import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { SettingsError } from '../../settings.ts';
import { catalog, type StoredMetric } from '../index.ts';
import { readCatalog } from './read.ts';

const EXAMPLE = await readFile(new URL('../../../../docs/examples/catalog.yaml', import.meta.url), 'utf8');
const read = (text: string) => readCatalog(text, 'catalog.yaml');
const faultOf = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.message.replace('CATALOG_FILE catalog.yaml is not usable:\n', '');
  }
  return 'no fault';
};

test('metrics and dimensions of a file stand beside those of the product', () => {
  const own = read(EXAMPLE);
  assert.equal(own.formulaOf(own.metrics.get('large_orders')!), 'number of order where total ≥ 10000');
  assert.equal(own.formulaOf(own.metrics.get('large_order_share')!), '(large_orders) ÷ (orders)');
  assert.deepEqual(own.dimensionsOf(own.metrics.get('orders')!).at(-1), 'gift_wrap');
  assert.ok(!catalog.dimensionsOf(catalog.metrics.get('orders')!).includes('gift_wrap'));
});

test('a file changes nothing of what is counted already', () => {
  const own = read(EXAMPLE);
  for (const [name, hash] of catalog.schemaHashes) assert.equal(own.schemaHashes.get(name), hash, name);
  for (const [group, metrics] of catalog.groups) assert.deepEqual(own.groups.get(group), metrics);
});

test('what a metric of the file means is part of its hash, and so is what a dimension reads', () => {
  const hash = (text: string, name: string) => read(text).schemaHashes.get(name);
  const changed = EXAMPLE.replace('10000', '20000');
  assert.notEqual(hash(changed, 'large_orders'), hash(EXAMPLE, 'large_orders'));
  assert.equal(hash(changed, 'orders_by_gift_wrap'), hash(EXAMPLE, 'orders_by_gift_wrap'));
  const other = EXAMPLE.replaceAll('field: giftWrap', 'field: wrapping');
  assert.notEqual(hash(other, 'orders_by_gift_wrap'), hash(EXAMPLE, 'orders_by_gift_wrap'));
  const titled = EXAMPLE.replaceAll('title: Large orders', 'title: Big orders');
  assert.equal(hash(titled, 'large_orders'), hash(EXAMPLE, 'large_orders'));
});

test('a metric by an added dimension is read under its own name from a group of its own', () => {
  const own = read(EXAMPLE);
  const orders = own.metrics.get('orders')!;
  const [by] = own.partsBy(orders, 'gift_wrap') as StoredMetric[];
  assert.deepEqual([by!.name, by!.field, by!.group], ['orders', 'orders_by_gift_wrap', 'sales_by_gift_wrap']);
  assert.equal(own.partsBy(orders, 'country')[0], orders);
  assert.equal(own.partsBy(orders, undefined)[0], orders);
});

test('the same in JSON', () => {
  const metric = {
    name: 'fr_orders',
    title: 'French orders',
    description: 'Orders from France',
    unit: 'count',
    better: 'up',
  };
  const counted = {
    ...metric,
    source: 'order',
    measure: 'count',
    where: { equals: [{ field: 'country' }, 'France'] },
  };
  assert.ok(read(JSON.stringify({ metrics: [counted] })).metrics.has('fr_orders'));
});

test('a fault is told with its line, its place and what would be right', () => {
  const lineOf = (text: string) => EXAMPLE.split('\n').findIndex((line) => line.includes(text)) + 1;
  const faults: [string, string, RegExp][] = [
    ['measure: count', 'measure: counts', /metrics\/0\/measure: must be one of count, sum/],
    [
      'field: total',
      'field: totla',
      /large_orders: where\/atLeast\/0: there is no field totla; there are .*total/,
    ],
    ['atLeast:', 'atleast:', /there is no operator "atleast"; there are .*atLeast/],
    ['order: {', 'ordr: {', /there is no source ordr; there are .*order/],
    ['denominator: orders', 'denominator: { plus: [a, b] }', /must be the name of a metric, \{ add: /],
    ['name: large_orders', 'name: orders', /metric orders is declared twice/],
    ['field: giftWrap, type: text', 'field: total', /must be text, not integer/],
  ];
  for (const [right, wrong, message] of faults) {
    const told = faultOf(EXAMPLE.replace(right, wrong));
    assert.match(told, message);
    assert.match(told, new RegExp(`line ${lineOf(right)}: `), `${wrong}: ${told}`);
  }
  assert.match(
    faultOf(EXAMPLE.replace('title: Gift wrap', 'titel: Gift wrap')),
    /must have "title"[\s\S]*"titel" is not known/,
  );
  assert.match(faultOf('metrics: [\n'), /line 2: /);
  assert.match(faultOf('- a list'), /a catalogue file has "metrics", "dimensions", or both/);
  assert.match(faultOf('metrics:\n  - name: a\n'), /line 2: metrics\/0: a metric has "source"/);
});

test('texts of a file are never run as code', () => {
  const evil = `"]; globalThis.broken = true; //`;
  const own = read(
    JSON.stringify({
      metrics: [
        {
          ...{ name: 'evil', title: 'Evil', description: 'Code in a text', unit: 'count', better: 'up' },
          ...{ source: 'order', measure: 'count', where: { equals: [{ field: 'country' }, evil] } },
        },
      ],
    }),
  );
  assert.ok(own.metrics.has('evil'));
  assert.match(
    faultOf(
      'metrics:\n  - { name: a, title: A, description: d, unit: count, better: up, source: order, measure: count, of: { field: "a]b", type: text } }',
    ),
    /field/,
  );
  assert.equal((globalThis as { broken?: boolean }).broken, undefined);
});
