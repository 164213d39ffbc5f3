import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExporterError } from '../errors.ts';
import type { LivePlace } from './place.ts';
import type { LiveChange } from './selection.ts';
import { writeStream } from './write-stream.ts';

const place = (n: number): LivePlace => ({ at: 'change', token: `${n}` });
const document = (n: number, text = ''): LiveChange => ({
  ...{ kind: 'document', place: place(n) },
  document: { n, text },
});

function streamed(
  changes: AsyncIterable<LiveChange>,
  options: Partial<Parameters<typeof writeStream>[2]> = {},
) {
  const out = new PassThrough();
  const failures: unknown[] = [];
  const done = writeStream(changes, out, {
    lineOf: (change, id) => ({ type: 'event', id, ...change.document }),
    idOf: ({ token }: LivePlace & { token?: string }) => token ?? '',
    ...{ left: new AbortController().signal, stopping: new AbortController().signal },
    pace: { heartbeatMs: 10_000, patienceMs: 60_000, farewellMs: 60_000 },
    ...{ now: () => 0, onFailure: (error: unknown) => failures.push(error) },
    ...options,
  });
  return { out, done, failures };
}
const linesOf = async (out: PassThrough): Promise<Record<string, unknown>[]> => {
  const text = (await out.toArray()).join('');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};

test('a change is asked for only when the reader has taken the one before', async () => {
  const text = 'x'.repeat(10_000);
  let asked = 0;
  const changes = async function* () {
    for (let n = 1; n <= 500; n++) {
      asked = n;
      yield document(n, text);
    }
  };
  const { out, done } = streamed(changes());
  // A reader that does not read: the loop comes to rest by itself, with what the two buffers hold.
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
  const held = out.readableHighWaterMark + out.writableHighWaterMark;
  assert.ok((asked - 2) * text.length < held, `${asked} lines wait`);
  const lines = await linesOf(out);
  assert.equal(await done, undefined);
  assert.deepEqual(
    lines.map(({ n }) => n),
    Array.from({ length: 500 }, (_, i) => i + 1),
  );
});

test('a reader that is too slow is told where to go on, and cut off', async () => {
  const changes = async function* () {
    for (let n = 1; ; n++) yield document(n, 'x'.repeat(20_000));
  };
  const pace = { heartbeatMs: 10_000, patienceMs: 1, farewellMs: 60_000 };
  const { out, done } = streamed(changes(), { pace });
  while (!out.writableEnded) await sleep(1);
  const lines = await linesOf(out);
  assert.equal(await done, 'slow_reader');
  const end = lines.pop()!;
  assert.deepEqual([end.type, end.reason, end.after], ['end', 'slow_reader', `${lines.length}`]);
  assert.deepEqual(
    lines.map(({ n }) => n),
    lines.map((_, i) => i + 1),
  );
});

test('a reader that does not even read why is torn down', async () => {
  const changes = async function* () {
    for (let n = 1; ; n++) yield document(n, 'x'.repeat(20_000));
  };
  const { out, done } = streamed(changes(), { pace: { heartbeatMs: 10_000, patienceMs: 1, farewellMs: 1 } });
  assert.equal(await done, 'slow_reader');
  assert.ok(out.destroyed);
});

test('silence is told by heartbeats, no more often than asked for', async () => {
  let time = 0;
  const changes = async function* (): AsyncGenerator<LiveChange> {
    for (let n = 1; n <= 25; n++) {
      time += 1_000;
      yield { kind: 'idle', place: place(n) };
    }
  };
  const { out, done } = streamed(changes(), { now: () => time });
  const lines = await linesOf(out);
  await done;
  assert.deepEqual(lines, [
    { type: 'heartbeat', id: '10', time: 10_000 },
    { type: 'heartbeat', id: '20', time: 20_000 },
  ]);
});

test('a store that fails, a place that is lost and a stop are told as the last line', async () => {
  const failing = (error: Error) =>
    (async function* () {
      yield document(1);
      throw error;
    })();
  for (const [error, reason] of [
    [new Error('socket closed at 10.0.0.1'), 'store_unavailable'],
    [new ExporterError('history_lost', 'gone'), 'history_lost'],
  ] as const) {
    const { out, done, failures } = streamed(failing(error));
    const [, end] = await linesOf(out);
    assert.equal(await done, reason);
    assert.deepEqual([end!.reason, end!.after, failures], [reason, '1', [error]]);
    assert.doesNotMatch(`${end!.detail}`, /10\.0\.0\.1/);
  }
  const stop = new AbortController();
  const changes = async function* () {
    yield document(1);
    stop.abort();
    yield document(2);
  };
  const { out, done } = streamed(changes(), { stopping: stop.signal });
  const [, end] = await linesOf(out);
  assert.equal(await done, 'shutdown');
  assert.equal(end!.after, '1');
});
