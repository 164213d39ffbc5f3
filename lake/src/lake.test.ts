import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventRegistry, type StoreEvent } from '@storepulse/contracts';
import { Type } from 'typebox';
import { columnsOf, duckType, LAKE_TYPES, lakeTypeOf, lakeTypesOf } from './columns.ts';
import { type Duck, openDuck } from './duck.ts';
import { identityOf, onceSql } from './identity.ts';
import { arrivedPath, mergedPath, originOf } from './layout.ts';
import { createRowWriter, type RowOf } from './rows.ts';
import { scanSql } from './scan.ts';
import { writeParquet } from './write.ts';

let duck: Duck;
let folder: string;
before(async () => {
  duck = await openDuck();
  folder = await mkdtemp(join(tmpdir(), 'lake-'));
});
after(async () => {
  duck.close();
  await rm(folder, { recursive: true, force: true });
});

const visit = {
  shop: 'demo',
  visitorId: 'v-1',
  sessionId: 's-1',
  customerId: 'c-1',
  device: 'mobile',
  channel: null,
  country: 'GB',
};
const order = {
  type: 'order_placed',
  eventId: 'e-00000001',
  eventTime: Date.UTC(2026, 0, 1, 12),
  ...visit,
  orderId: 'o-1',
  currency: 'GBP',
  lines: [
    { sku: 'A "1"\u0000', category: null, quantity: 2, unitPrice: 999_999_999_999, discount: 0, surprise: 1 },
    { sku: '𝄞', category: 'toys', quantity: 1, unitPrice: 1, discount: 1 },
  ],
  subtotal: 5,
  discount: 1,
  shipping: 0,
  tax: 0,
  total: 4,
  surprise: { deep: [] },
} as unknown as StoreEvent;

const rowOf = (event: StoreEvent, offset: number): RowOf => ({
  event,
  offset,
  recordTime: event.eventTime + 7,
  schemaVersion: '1',
  date: '2026-01-01',
  currency: 'GBP',
  scale: 2,
});

let files = 0;
async function write(type: string, lines: readonly string[], types = LAKE_TYPES): Promise<string> {
  const file = join(folder, `${++files}.parquet`);
  const rows = join(folder, `${files}.ndjson`);
  await writeFile(rows, lines.join(''));
  const lakeType = types.get(type)!;
  await writeParquet(duck, { lakeType, topic: lakeType.spec.topic, partition: 3, rows, file });
  return file;
}

test('an event comes back from its file with its types, its lists, and nothing that its schema does not know', async () => {
  const line = createRowWriter(lakeTypeOf('order_placed'));
  const file = await write('order_placed', [line(rowOf(order, 42))]);
  const [row] = await duck.rows(scanSql(lakeTypeOf('order_placed'), [file]));
  assert.equal(row!.offset, 42n);
  assert.equal(row!.partition, 3);
  assert.equal(row!.topic, 'transactions');
  assert.equal(row!.identity, 'o-1');
  assert.equal(row!.channel, null);
  assert.equal(row!.payment_method, null);
  assert.equal(String(row!.shop_date), '2026-01-01');
  assert.equal(String(row!.occurred), '2026-01-01 12:00:00');
  assert.equal(row!.scale, 2);
  const [sums] = await duck.rows(
    `SELECT sum(l.unit_price * l.quantity)::VARCHAR AS gross, list(l.sku) AS skus FROM (SELECT unnest(lines) AS l FROM (${scanSql(lakeTypeOf('order_placed'), [file])}))`,
  );
  assert.equal(sums!.gross, '1999999999999');
  assert.deepEqual((sums!.skus as { items: unknown[] }).items, ['A "1"\u0000', '𝄞']);
  assert.ok(!Object.keys(row!).includes('surprise'));
});

test('every type of the registry has a file that can be written and read, empty of personal fields when cleared', async () => {
  for (const [type, lakeType] of LAKE_TYPES) {
    const event = sample(type);
    const line = createRowWriter(lakeType)(rowOf(event, 1), true);
    const [row] = await duck.rows(scanSql(lakeType, [await write(type, [line])]));
    for (const { name, personal, field } of columnsOf(type)) {
      if (personal) assert.equal(row![name], null, `${type}.${name}`);
      else if (field !== undefined) assert.notEqual(row![name], undefined, `${type}.${name}`);
    }
    assert.equal(row!.event_id, 'e-00000001');
  }
});

test('a file of an earlier release lacks a column, one of a later release has more: both are read as this release knows them', async () => {
  const spec = eventRegistry.get('cart_viewed')!;
  const later = lakeTypesOf(
    new Map([
      [
        'cart_viewed',
        {
          ...spec,
          schema: Type.Object({ ...propertiesOf(spec.schema), couponCode: Type.Optional(Type.String()) }),
        },
      ],
    ]),
  );
  const event = {
    type: 'cart_viewed',
    eventId: 'e-00000001',
    eventTime: 1,
    ...visit,
    items: 2,
    couponCode: 'X',
  };
  const laterType = later.get('cart_viewed')!;
  const old = await write('cart_viewed', [
    createRowWriter(lakeTypeOf('cart_viewed'))(rowOf(event as unknown as StoreEvent, 1)),
  ]);
  const young = await write(
    'cart_viewed',
    [createRowWriter(laterType)(rowOf(event as unknown as StoreEvent, 2))],
    later,
  );
  const byLater = await duck.rows(
    `SELECT coupon_code FROM (${scanSql(laterType, [old, young])}) ORDER BY "offset"`,
  );
  assert.deepEqual(byLater, [{ coupon_code: null }, { coupon_code: 'X' }]);
  const byEarlier = await duck.rows(scanSql(lakeTypeOf('cart_viewed'), [old, young]));
  assert.equal(byEarlier.length, 2);
  assert.ok(!('coupon_code' in byEarlier[0]!));
  // All files are of the earlier release.
  assert.deepEqual(await duck.rows(`SELECT coupon_code FROM (${scanSql(laterType, [old])})`), [
    { coupon_code: null },
  ]);
});

test('of copies the one with the lowest partition and offset is left', async () => {
  const line = createRowWriter(lakeTypeOf('order_placed'));
  const again = { ...order, eventId: 'e-00000002' } as StoreEvent;
  const other = { ...order, orderId: 'o-2' } as StoreEvent;
  const file = await write('order_placed', [
    line(rowOf(again, 9)),
    line(rowOf(order, 4)),
    line(rowOf(other, 10)),
  ]);
  const rows = await duck.rows(
    `SELECT "offset" FROM (${onceSql('order_placed', `(${scanSql(lakeTypeOf('order_placed'), [file])})`)}) ORDER BY 1`,
  );
  assert.deepEqual(rows, [{ offset: 4n }, { offset: 10n }]);
  assert.deepEqual(identityOf('payment_failed'), {
    types: ['payment_authorized', 'payment_failed'],
    column: 'payment_id',
    within: 'shop',
  });
  assert.equal(identityOf('review_submitted').within, 'partition');
});

test('amounts are integers, personal fields are marked, and what holds no event has no type', () => {
  const columns = new Map(columnsOf('order_placed').map((column) => [column.name, column]));
  assert.equal(columns.get('total')!.type, 'BIGINT');
  assert.ok(columns.get('total')!.money);
  assert.ok(columns.get('visitor_id')!.personal);
  assert.equal(
    columns.get('lines')!.type,
    'STRUCT(sku VARCHAR, category VARCHAR, quantity BIGINT, unit_price BIGINT, discount BIGINT)[]',
  );
  assert.throws(() => duckType(Type.Null()), TypeError);
  assert.throws(() => lakeTypeOf('order_plced'), /order_placed/);
});

test('an integer that is not exact is null, and does not spoil its file', async () => {
  const product = { ...sample('product_upserted'), stock: 1e300 } as unknown as StoreEvent;
  const lakeType = lakeTypeOf('product_upserted');
  const file = await write('product_upserted', [createRowWriter(lakeType)(rowOf(product, 1))]);
  const [row] = await duck.rows(scanSql(lakeType, [file]));
  assert.equal(row!.stock, null);
});

test('a path tells which task and claim a file is of', () => {
  const name = {
    shop: 'demo',
    type: 'order_placed',
    date: '2026-01-01',
    topic: 'product-views',
    partition: 2,
  };
  const path = arrivedPath({ ...name, epoch: 7, from: 10, next: 25 });
  assert.equal(
    path,
    'shop=demo/type=order_placed/date=2026-01-01/product-views-2-e7-0000000000000010-0000000000000025.parquet',
  );
  assert.deepEqual(originOf(path), { task: 'product-views/2', epoch: 7 });
  assert.deepEqual(originOf(mergedPath('demo', 'order_placed', '2026-01', 3, 'ab')), {
    task: undefined,
    epoch: 3,
  });
  assert.equal(originOf('README.md'), undefined);
  assert.deepEqual(
    originOf(`${path}.0a1b2c3d.partial`),
    originOf(path),
    'one that a kill has left on its way',
  );
});

function propertiesOf(schema: unknown): Record<string, ReturnType<typeof Type.String>> {
  return (schema as { properties: Record<string, ReturnType<typeof Type.String>> }).properties;
}

/** An event of a type with a value in every field, made from its schema. */
function sample(type: string): StoreEvent {
  const { schema } = eventRegistry.get(type)!;
  return {
    ...(sampleOf(schema) as object),
    type,
    eventId: 'e-00000001',
    eventTime: 1_767_268_800_000,
    shop: 'demo',
  } as StoreEvent;
}

function sampleOf(schema: unknown): unknown {
  const { type, anyOf, properties, items, const: constant } = schema as Record<string, unknown>;
  if (constant !== undefined) return constant;
  if (anyOf) return sampleOf((anyOf as unknown[]).find((part) => (part as { type: string }).type !== 'null'));
  if (type === 'object')
    return Object.fromEntries(
      Object.entries(properties as object).map(([name, inner]) => [name, sampleOf(inner)]),
    );
  if (type === 'array') return [sampleOf(items)];
  return type === 'string' ? 'text' : 1;
}
