import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRegistry } from '@storepulse/contracts';
import { anEvent, anOrder, aRefund, NOON, SHOP } from '@storepulse/contracts/testing/events';
import { Compile } from 'typebox/compile';
import { appOver } from '../testing/app.ts';
import { publishedSchemas } from './published.ts';

test('every event type has a schema that says where its records go and what they must have', async () => {
  const { app } = await appOver([]);
  const { schemas } = (await app.inject('/v1/schemas')).json() as {
    schemas: { type: string; href: string }[];
  };
  assert.deepEqual(
    schemas.map(({ type }) => type),
    [...eventRegistry.keys()],
  );
  for (const { type, href } of schemas) {
    const answer = await app.inject(href);
    assert.match(String(answer.headers['content-type']), /^application\/schema\+json/);
    const schema = answer.json();
    const { topic, schema: own } = eventRegistry.get(type)!;
    assert.equal(schema['x-kafka'].topic, topic);
    assert.deepEqual(schema['x-kafka'].required, (own as unknown as { required: string[] }).required);
  }
  assert.equal((await app.inject('/v1/schemas/order_shipped')).json().code, 'unknown_type');
});

test('a schema takes what the collector takes, and refuses what it refuses', async () => {
  const { app } = await appOver([SHOP], { now: () => NOON });
  const { eventId: _id, sessionId: _s, customerId: _c, device: _d, ...order } = anOrder();
  const { eventTime: _t, ...view } = anEvent('product_viewed');
  const { eventTime: _o, ...timeless } = anOrder();
  const { eventId: _v, ...neither } = view;
  const { visitorId: _a, ...anonymous } = aRefund();
  for (const [event, isTaken] of [
    [order, true],
    [{ ...order, eventTime: '2026-07-01T12:00:00Z' }, true],
    [view, true],
    [aRefund(), true],
    [timeless, false],
    [neither, false],
    [anonymous, false],
    [{ ...order, lines: [] }, false],
  ] as const) {
    const schema = publishedSchemas.get(event.type)!;
    assert.equal(Compile(schema).Check(event), isTaken, JSON.stringify(event));
    const payload = JSON.stringify(event);
    const headers = { 'content-type': 'application/json' };
    const { statusCode } = await app.inject({ method: 'POST', url: '/v1/events', headers, payload });
    assert.equal(statusCode, isTaken ? 200 : 422, JSON.stringify(event));
  }
});
