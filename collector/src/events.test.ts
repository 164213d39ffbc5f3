import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { anEvent, anOrder, aRefund, NOON, SHOP } from '@storepulse/contracts/testing/events';
import type { App } from '@storepulse/http';
import { appOver } from './testing/app.ts';

const now = () => NOON + 1_000;

async function post(app: App, body: unknown, headers: Record<string, string> = {}) {
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

const setUp = (deps: Parameters<typeof appOver>[1] = {}) => appOver([SHOP], { now, ...deps });

test('an event goes to the topic of its type under the key of its visitor, as it was sent', async () => {
  const { app, kafka } = await setUp();
  const order = { ...anOrder(), note: 'kept' };
  const { status, body } = await post(app, order);
  assert.equal(status, 200);
  assert.deepEqual(body, {
    ...{ accepted: 1, duplicate: 0, rejected: 0, unavailable: 0 },
    items: [{ index: 0, status: 'accepted', eventId: order.eventId }],
  });
  const [record] = kafka.records;
  assert.equal(record!.topic, 'transactions');
  assert.equal(record!.key, 'demo|v1');
  assert.deepEqual(JSON.parse(record!.value), order);
  assert.equal(record!.headers.ce_id, order.eventId);
  assert.equal(record!.timestamp, now());
});

test('many are sent as a list, as lines, compressed, and as a batch of CloudEvents', async () => {
  const { app, kafka } = await setUp();
  const events = () => [anEvent('session_started'), anEvent('product_viewed')];
  const asCloudEvents = events().map(({ type, eventId, eventTime, ...data }) => ({
    ...{
      specversion: '1.0',
      source: '/shop',
      type,
      id: eventId,
      time: new Date(eventTime).toISOString(),
      data,
    },
  }));
  const lines = events().map((event) => JSON.stringify(event));
  for (const [body, headers] of [
    [events(), {}],
    [`${lines.join('\r\n')}\n\n`, { 'content-type': 'application/x-ndjson' }],
    [gzipSync(JSON.stringify(events())), { 'content-encoding': 'gzip' }],
    [asCloudEvents, { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' }],
  ] as const) {
    const { status, body: answer } = await post(app, body, headers);
    assert.deepEqual([status, answer.accepted], [200, 2], JSON.stringify(headers));
  }
  const [one] = asCloudEvents;
  const single = await post(
    app,
    { ...one, id: 'another-id' },
    { 'content-type': 'application/cloudevents+json' },
  );
  assert.deepEqual([single.status, single.body.items[0].eventId], [200, 'another-id']);
  assert.equal(kafka.records.length, 9);
  for (const { value } of kafka.records) assert.equal(JSON.parse(value).eventTime, NOON);
});

test('each event of a request has its own end; what is right is stored all the same', async () => {
  const { app, kafka } = await setUp();
  const order = anOrder();
  const { total: _, ...withoutTotal } = anOrder();
  const { status, body } = await post(app, [
    order,
    order,
    { ...anOrder(), total: 1 },
    withoutTotal,
    { ...anOrder(), lines: [{ ...order.lines[0], quantity: 0 }] },
    { ...anOrder(), currency: 'EUR' },
    { ...anOrder(), eventTime: NOON + 600_000 },
    { ...anOrder(), shop: 'nobody' },
    { type: 'order_shipped' },
    'an event',
    aRefund({ refundId: 'half \ud800' }),
  ]);
  assert.equal(status, 207);
  assert.deepEqual(
    body.items.map(({ status, code, path }: Record<string, string>) => [status, code, path].join(' ').trim()),
    [
      'accepted',
      'duplicate',
      'rejected total-mismatch',
      'rejected schema-violation /total',
      'rejected schema-violation /lines/0/quantity',
      'rejected wrong-currency /currency',
      'rejected impossible-time /eventTime',
      'rejected unknown-shop /shop',
      'rejected unknown-type /type',
      'rejected not-json',
      'rejected not-json',
    ],
  );
  assert.deepEqual([body.accepted, body.duplicate, body.rejected], [1, 1, 9]);
  assert.equal(kafka.records.length, 1);
});

test('where nothing is right the request is a problem, and its items say why', async () => {
  const { app } = await setUp();
  const { status, headers, body } = await post(app, { ...anOrder(), visitorId: 'a|b' });
  assert.equal(status, 422);
  assert.match(headers['content-type'] as string, /^application\/problem\+json/);
  assert.equal(body.code, 'nothing_accepted');
  assert.deepEqual([body.items[0].code, body.items[0].path], ['schema-violation', '/visitorId']);
});

test('a message names the field, and never its value', async () => {
  const { app } = await setUp();
  const secret = 'someone@example.com';
  for (const body of [
    { ...anOrder(), orderId: `${secret}|` },
    { ...anOrder(), eventTime: secret },
    { type: secret },
    `{"a": "${secret}"`,
  ]) {
    const answer = await post(app, body);
    assert.ok(answer.status >= 400);
    assert.ok(!JSON.stringify(answer.body).includes(secret), JSON.stringify(answer.body));
  }
});

test('a new shop and its events come in one request, in any order; a shop told elsewhere is looked for', async () => {
  const { app, kafka } = await appOver([], { now });
  const newShop = { ...SHOP, shop: 'new' };
  const { body } = await post(app, [{ ...anOrder(), shop: 'new' }, newShop]);
  assert.equal(body.accepted, 2);
  assert.deepEqual(
    kafka.records.map(({ topic }) => topic),
    ['shops', 'transactions'],
  );
  assert.equal((await post(app, anOrder())).body.items[0].code, 'unknown-shop');
  kafka.toCome.push(SHOP);
  assert.equal((await post(app, anOrder())).status, 200);
});

test('what a shop is counted in stays as it was told first', async () => {
  const { app } = await setUp();
  const { status, body } = await post(app, [
    { ...SHOP, eventId: 'shop-event-2', currency: 'EUR' },
    anOrder(),
  ]);
  assert.equal(status, 207);
  assert.deepEqual([body.items[0].code, body.items[0].path], ['shop-changed', '/currency']);
  assert.equal(body.items[1].status, 'accepted');
});

test('while shops can not be read, an event of an unknown one is not refused for good', async () => {
  const { app, kafka } = await appOver([], { now });
  kafka.unread = 'no broker answers';
  const { status, headers, body } = await post(app, anOrder());
  assert.deepEqual([status, body.code, body.items[0].status], [503, 'kafka_unavailable', 'unavailable']);
  assert.ok(Number(headers['retry-after']) > 0);
});

test('what Kafka does not take is told: all of a request is 503, a part of it is 207, both say when to try again', async () => {
  const { app, kafka } = await setUp();
  kafka.outcome = ({ topic }) => (topic === 'transactions' ? 'unavailable' : 'stored');
  const none = await post(app, anOrder());
  assert.deepEqual([none.status, none.body.code], [503, 'kafka_unavailable']);
  const some = await post(app, [anOrder(), anEvent('session_started')]);
  assert.equal(some.status, 207);
  assert.deepEqual(
    some.body.items.map(({ status }: { status: string }) => status),
    ['unavailable', 'accepted'],
  );
  for (const { headers } of [none, some]) assert.ok(Number(headers['retry-after']) > 0);
});

test('a shop that Kafka does not take leaves its events without a shop', async () => {
  const { app, kafka } = await appOver([], { now });
  kafka.outcome = ({ topic }) => (topic === 'shops' ? 'unavailable' : 'stored');
  const { status, body } = await post(app, [SHOP, anOrder()]);
  assert.equal(status, 503);
  assert.deepEqual(
    body.items.map(({ status }: { status: string }) => status),
    ['unavailable', 'unavailable'],
  );
});

test('what may be left out is filled in, and a copy of a request has the same ids', async () => {
  const { app, kafka } = await setUp();
  const {
    eventId: _id,
    sessionId: _s,
    customerId: _c,
    device: _d,
    channel: _ch,
    country: _co,
    ...order
  } = anOrder();
  const first = await post(app, { ...order, eventTime: '2026-07-01T14:00:00+02:00' });
  const copy = await post(app, Object.fromEntries(Object.entries(order).reverse()));
  assert.deepEqual([first.status, copy.status], [200, 200]);
  assert.equal(first.body.items[0].eventId, copy.body.items[0].eventId);
  assert.notEqual(
    (await post(app, { ...order, orderId: 'other' })).body.items[0].eventId,
    first.body.items[0].eventId,
  );
  const sent = JSON.parse(kafka.records[0]!.value);
  assert.equal(sent.eventTime, NOON);
  assert.equal(sent.sessionId, null);
});

test('a time may be left out where there is an id and a copy changes nothing', async () => {
  const { app, kafka } = await setUp();
  const { eventTime: _, ...view } = anEvent('product_viewed');
  assert.equal((await post(app, view)).status, 200);
  assert.equal(JSON.parse(kafka.records[0]!.value).eventTime, now());
  const { eventTime: _time, ...order } = anOrder();
  assert.equal((await post(app, order)).body.items[0].path, '/eventTime');
  const { eventId: _id, ...neither } = view;
  assert.equal((await post(app, neither)).body.items[0].path, '/eventId');
  assert.equal(
    (await post(app, { ...view, eventTime: '2026-07-01T14:00' })).body.items[0].path,
    '/eventTime',
  );
});

test('a CloudEvent that contradicts its data, or is none, is refused; a short id is made longer with its source', async () => {
  const { app } = await setUp();
  const { type, eventId: _, eventTime, ...data } = anOrder();
  const event = {
    specversion: '1.0',
    id: '17',
    source: '/shop',
    type,
    time: new Date(eventTime).toISOString(),
    data,
  };
  const other = { ...data, orderId: 'o2' };
  const { body } = await post(
    app,
    [
      event,
      { ...event, source: '/till', data: other },
      { ...event, specversion: '0.3' },
      { ...event, data: { ...data, type: 'refund_issued' } },
      { ...event, data: { ...data, eventId: 'something-else' } },
      { ...event, data: 'text' },
    ],
    { 'content-type': 'application/cloudevents-batch+json' },
  );
  assert.deepEqual(
    body.items.map(({ status, code, path }: Record<string, string>) => [status, code, path].join(' ').trim()),
    [
      'accepted',
      'accepted',
      'rejected not-json /specversion',
      'rejected conflicting-attributes /type',
      'rejected conflicting-attributes /id',
      'rejected not-json /data',
    ],
  );
  assert.notEqual(body.items[0].eventId, body.items[1].eventId);
});

test('a CloudEvent whose attributes are headers is taken like one whose attributes are in the body', async () => {
  const { app, kafka } = await setUp();
  const { type, eventId, eventTime, ...data } = anOrder();
  const time = new Date(eventTime).toISOString();
  const attributes = { specversion: '1.0', id: eventId, source: '/shop', type, time };
  const binary = Object.fromEntries(Object.entries(attributes).map(([name, text]) => [`ce-${name}`, text]));
  await post(app, { ...attributes, data }, { 'content-type': 'application/cloudevents+json' });
  const { status, body } = await post(app, data, binary);
  assert.deepEqual([status, body.items[0].eventId], [200, eventId]);
  assert.equal(kafka.records[1]!.value, kafka.records[0]!.value);

  const encoded = await post(
    app,
    { ...data, orderId: 'o2' },
    { ...binary, 'ce-id': 'Bestellung%20%E2%82%AC12' },
  );
  assert.equal(encoded.body.items[0].eventId, 'Bestellung €12');
});

test('a CloudEvent in headers that is not whole, or is no single event, is refused', async () => {
  const { app, kafka } = await setUp();
  const { type, eventId, eventTime: _, ...data } = anOrder();
  const binary = { 'ce-specversion': '1.0', 'ce-id': eventId, 'ce-source': '/shop', 'ce-type': type };
  const { 'ce-source': _source, ...sourceless } = binary;
  for (const [sent, headers, code, path] of [
    [data, sourceless, 'not-json', '/source'],
    [data, { ...binary, 'ce-specversion': '0.3' }, 'not-json', '/specversion'],
    [{ ...data, type: 'refund_issued' }, binary, 'conflicting-attributes', '/type'],
    [[data], binary, 'not-json', '/data'],
    [data, binary, 'schema-violation', '/eventTime'],
  ] as const) {
    const { body } = await post(app, sent, headers);
    assert.deepEqual([body.items[0].code, body.items[0].path], [code, path]);
  }
  const wrong = await post(app, data, { ...binary, 'ce-id': '100%' });
  assert.deepEqual([wrong.status, wrong.body.code], [400, 'invalid_request']);
  const lines = { ...binary, 'content-type': 'application/x-ndjson' };
  assert.equal((await post(app, data, lines)).body.code, 'unsupported_media_type');
  assert.equal(kafka.records.length, 0);
});
