import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { DEAD_LETTER_REASONS, eventRegistry, type StoreEvent, toRecord } from '@storepulse/contracts';
import { anEvent, anOrder, NOON, SHOP } from '@storepulse/processor/testing/events';
import type { Message } from 'kafkajs';
import { readDeadLetters } from '../support/pipeline/dead-letters.ts';
import { untilDrained } from '../support/pipeline/drained.ts';
import { fatesOf } from '../support/pipeline/fates.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { PROGRAMS, runProgram } from '../support/pipeline/programs.ts';
import { createSender } from '../support/pipeline/sender.ts';
import { until } from '../support/until.ts';

const MAIL = 'leaked.example';
/** No run of zeros or nines, as the last digits of a sum of seconds are. */
const CARD = '45391872';
let canaries = 0;
/** An e-mail address and a card number as no event may leave behind. */
const mail = () => `canary-${++canaries}@${MAIL}`;
const card = () => Number(`${CARD}${String(++canaries).padStart(7, '0')}`);

/** Marked persons come through every kind of fault; no log line, metric or reason tells of one. */
export async function tellsOfNobody(t: TestContext, pipeline: Pipeline): Promise<void> {
  const processor = await pipeline.start('processor', { LOG_LEVEL: 'trace' });
  const send = await createSender(pipeline);
  const letters = await readDeadLetters(pipeline);
  await send.events({ ...SHOP });
  await untilDrained(pipeline);

  for (const { topic } of new Set(eventRegistry.values())) {
    const bad = [...SOUND].flatMap((event) => variants(event, topic));
    await send.records(topic, ...bad);
  }
  await send.records('customers', { key: `demo|${mail()}`, value: null });
  await send.events({ ...SHOP, eventId: 'shop-event-2', currency: 'JPY', name: mail() });
  await untilDrained(pipeline);
  const fates = await fatesOf(pipeline);
  const dead = Object.entries(fates).filter(([fate]) => fate.startsWith('dead-letter:'));
  const count = dead.reduce((sum, [, n]) => sum + n, 0);
  assert.ok(canaries > 1_000, `${canaries} canaries`);
  await until(
    'all dead letters are read',
    () => letters.length,
    (read) => read === count,
  );

  await t.test('every reason but size was met', () => {
    const met = dead.map(([fate]) => fate.slice('dead-letter:'.length));
    assert.deepEqual(
      DEAD_LETTER_REASONS.filter((reason) => !met.includes(reason)),
      ['too-large'],
    );
  });
  await t.test('no reason or detail tells of a person', () => {
    const told = letters.map(({ headers }) =>
      Object.entries(headers).filter(([name]) => name.startsWith('dead_letter_')),
    );
    assertClean(JSON.stringify(told));
  });
  await t.test('no metric does', async () =>
    assertClean(await (await fetch(`${processor.url}/metrics`)).text()),
  );
  await t.test('no answer about readiness does', async () =>
    assertClean(await (await fetch(`${processor.url}/-/ready`)).text()),
  );
  await t.test('no log line does', async () => {
    const log = await readFile(processor.service.logFile, 'utf8');
    assert.match(log, /task claimed/);
    assertClean(log);
  });
  await t.test('a list of dead letters does not, but by keys in its JSON', async () => {
    const { status, stdout } = await runProgram(
      PROGRAMS.deadLetters,
      ['list', '--limit', '9999'],
      pipeline.settings,
    );
    assert.equal(status, 0);
    assert.match(stdout, /schema-violation/);
    assertClean(stdout);
  });
}

function assertClean(text: string): void {
  const found = new RegExp(`.{0,60}(${MAIL}|${CARD}).{0,20}`).exec(text);
  assert.equal(found?.[0], undefined);
}

const SOUND: readonly StoreEvent[] = [
  anOrder(),
  anEvent('product_viewed'),
  anEvent('session_started'),
  anEvent('cart_item_added'),
  {
    type: 'customer_upserted',
    eventId: 'customer-event-1',
    eventTime: NOON,
    shop: 'demo',
    customerId: 'c1',
    name: null,
    email: null,
    country: null,
    createdAt: NOON,
    lastLoginAt: null,
  },
];

/** An event as it is, and with a canary in every place of it and around it. */
function variants(event: StoreEvent, topic: string): Message[] {
  const { key, value, headers } = toRecord(event, '/test');
  const body = JSON.parse(value) as Record<string, unknown>;
  const withBody = (fields: object): Message => ({ key, value: JSON.stringify({ ...body, ...fields }) });
  const inFields = Object.keys(body).flatMap((name) => [
    withBody({ [name]: mail() }),
    withBody({ [name]: card() }),
    withBody({ [name]: { [mail()]: card() } }),
  ]);
  const around: Message[] = [
    { key, value: `{"email":"${mail()}"` },
    { key: mail(), value },
    { key: mail(), value: null },
    { key, value, headers: { ...headers, user: mail() } },
    withBody({ [mail()]: mail(), note: card() }),
    withBody({ type: mail(), email: mail() }),
    { ...withBody({ shop: 'unknown-shop', email: mail() }), key: key.replace('demo', 'unknown-shop') },
    withBody({ currency: 'USD', email: mail() }),
    withBody({ total: 1, email: mail() }),
    withBody({ eventTime: card() }),
    withBody({ eventTime: -card() }),
  ];
  // A tombstone with such a key would be sound on a topic of records.
  return [...inFields, ...around].filter(({ value }) => value !== null || topic === 'transactions');
}
