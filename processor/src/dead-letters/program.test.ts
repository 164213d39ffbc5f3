import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeadLetterReason, DEAD_LETTER_HEADERS as H, type TopicName } from '@storepulse/contracts';
import { type LogRecord, memoryKafka } from '../testing/memory-kafka.ts';
import { createProgram } from './program.ts';

const NOW = Date.UTC(2026, 6, 1, 12);
const MINUTE = 60_000;

/** A dead letter of `minutes` ago, the third record of its partition, sent a second before. */
function aLetter(topic: TopicName, reason: DeadLetterReason, minutes: number, value = '{}'): LogRecord {
  const timestamp = NOW - minutes * MINUTE;
  return {
    key: Buffer.from('demo|v1'),
    value: Buffer.from(value),
    headers: {
      trace: 'abc',
      [H.reason]: reason,
      [H.detail]: 'what is wrong',
      [H.topic]: topic,
      [H.partition]: '1',
      [H.offset]: '2',
      [H.timestamp]: String(timestamp - 1_000),
    },
    timestamp,
  };
}
const foreign: LogRecord = { key: null, value: Buffer.from('?'), headers: {}, timestamp: NOW - 5 * MINUTE };

const TOPIC = [
  [
    aLetter('transactions', 'unknown-shop', 60, '{"a":1}'),
    aLetter('transactions', 'unknown-shop', 10),
    foreign,
  ],
  [aLetter('product-views', 'not-json', 30, '\u0001no JSON'), aLetter('customers', 'unknown-shop', 20)],
];

/** Runs a command line over the topic; `answer` is that of a terminal. */
async function run(args: string[], answer?: boolean, topic: readonly LogRecord[][] = TOPIC) {
  const { kafka, sent } = memoryKafka(topic);
  const written: string[] = [];
  const asked: string[] = [];
  const confirm = async (question: string) => {
    asked.push(question);
    return answer!;
  };
  const program = createProgram({
    connect: () => kafka,
    write: (text) => written.push(text),
    confirm: answer === undefined ? undefined : confirm,
    now: () => NOW,
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  }
  await program.parseAsync(args, { from: 'user' });
  return { text: written.join('\n'), sent, asked };
}
const listed = async (...args: string[]) => {
  const { letters, total, reasons } = JSON.parse((await run(['list', '--json', ...args])).text);
  return { at: letters.map(({ at }: { at: string }) => at), total, reasons };
};

test('the latest come first, and all are counted by reason', async () => {
  assert.deepEqual(await listed('--limit', '2'), {
    at: ['0:2', '0:1'],
    total: 5,
    reasons: { 'unknown-shop': 3, 'not-json': 1, unknown: 1 },
  });
});

test('reason, topic and time restrict the list', async () => {
  assert.deepEqual((await listed('--reason', 'not-json')).at, ['1:0']);
  assert.deepEqual((await listed('--topic', 'customers')).at, ['1:1']);
  assert.deepEqual((await listed('--since', '15m')).at, ['0:2', '0:1']);
  assert.deepEqual((await listed('--since', '2026-07-01T11:45Z', '--reason', 'unknown-shop')).at, ['0:1']);
});

test('the table tells place, reason, origin and detail, and what is not shown', async () => {
  const { text } = await run(['list', '--limit', '2']);
  assert.match(
    text,
    /^at {3}time .*\n0:2 .* unknown .*\n0:1 {2}2026-07-01T11:50:00\.000Z {2}unknown-shop {2}/,
  );
  assert.match(text, /transactions 1:2 {2}what is wrong\n/);
  assert.match(text, /5 dead letters: unknown-shop 3 · not-json 1 · unknown 1; the latest 2 are shown/);
});

test('a letter is shown whole: text as text, other bytes in hexadecimal', async () => {
  const text = (await run(['show', '0:0'])).text;
  assert.match(
    text,
    /from {5}transactions 1:2, sent 2026-07-01T10:59:59\.000Z\nkey {6}demo\|v1\nheaders {2}trace: abc\n/,
  );
  assert.match(text, /7 bytes:\n\{"a":1\}$/);
  assert.match((await run(['show', '1:0'])).text, /00000000 {2}01 6e 6f 20 4a .* \.no JSON$/);
  assert.match((await run(['show', '0:0', '--hex'])).text, /7b 22 61 22 3a 31 7d/);
});

test('a letter that is not there is told so at once', async () => {
  await assert.rejects(run(['show', '0:3']), { code: 'NO_SUCH_DEAD_LETTER', message: /no dead letter 0:3/ });
  await assert.rejects(run(['replay', '--at', '7:0']), { code: 'NO_SUCH_DEAD_LETTER' });
});

test('a replay puts back key, value, own headers, partition and timestamp', async () => {
  const { sent, text } = await run(['replay', '--at', '0:0']);
  assert.deepEqual(sent, [
    {
      topic: 'transactions',
      key: Buffer.from('demo|v1'),
      value: Buffer.from('{"a":1}'),
      headers: { trace: 'abc' },
      partition: 1,
      timestamp: NOW - 60 * MINUTE - 1_000,
    },
  ]);
  assert.equal(text, 'Replayed 1 record: transactions 1');
});

test('a dry run sends nothing and says what would be sent', async () => {
  const { sent, text } = await run([
    'replay',
    '--reason',
    'unknown-shop',
    '--topic',
    'transactions',
    '--dry-run',
  ]);
  assert.deepEqual(sent, []);
  assert.equal(text, 'To replay: 2 records: transactions 2');
});

test('state that may be outdated, and records of unknown origin, are left out and counted', async () => {
  const { sent, text } = await run(['replay', '--all']);
  assert.equal(sent.length, 3);
  assert.match(text, /Left out: 1 record of shops, customers or products/);
  assert.match(text, /Left out: 1 record of unknown origin/);
});

test('a letter of which the beginning alone is kept says so, and is never put back', async () => {
  const letter = aLetter('transactions', 'too-large', 10, 'the beginning');
  const topic = [[{ ...letter, headers: { ...letter.headers, [H.cutFrom]: '1000000' } }]];
  const show = await run(['show', '0:0'], undefined, topic);
  assert.match(show.text, /1,000,000 bytes, of which the first 13 are kept:\nthe beginning$/);
  for (const args of [['--all'], ['--at', '0:0'], ['--topic', 'transactions']]) {
    const { sent, text } = await run(['replay', ...args], undefined, topic);
    assert.deepEqual(sent, []);
    assert.match(text, /Left out: 1 record of which dead-letter holds the beginning alone/);
  }
});

test('state is put back when its topic is named', async () => {
  assert.equal((await run(['replay', '--topic', 'customers'])).sent.length, 1);
});

test('at a terminal the replay is told first, and made only after a yes', async () => {
  const refused = await run(['replay', '--reason', 'not-json'], false);
  assert.deepEqual([refused.asked, refused.sent], [['Replay them?'], []]);
  const agreed = await run(['replay', '--reason', 'not-json'], true);
  assert.deepEqual(
    agreed.sent.map(({ topic }) => topic),
    ['product-views'],
  );
  assert.deepEqual((await run(['replay', '--reason', 'not-json', '--yes'], false)).asked, []);
});

test('a replay that says nothing of what is refused', async () => {
  await assert.rejects(run(['replay']), { code: 'NOTHING_SELECTED' });
});

test('what can’t be meant is refused', async () => {
  for (const args of [
    ['list', '--reason', 'bad-luck'],
    ['list', '--since', 'yesterday'],
    ['list', '--limit', '0'],
    ['show', '17'],
  ]) {
    await assert.rejects(run(args), { code: /^commander\./ }, args.join(' '));
  }
});
