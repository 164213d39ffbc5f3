import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ExporterError } from '../errors.ts';
import { createAdmission, SMALL_COST } from './admission.ts';
import { createAllowances } from './allowance.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { createPacer, type Steps } from './pacer.ts';

const isCode = (code: string) => (error: unknown) => error instanceof ExporterError && error.code === code;
/** Steps that keep a core busy for so long. */
function* busy(ms: number): Steps<string> {
  const until = process.threadCpuUsage().user + ms * 1_000;
  while (process.threadCpuUsage().user < until) yield;
  return 'done';
}

test('the event loop turns many times while something is computed', async () => {
  const allowance = createAllowances(DEFAULT_LIMITS).begin();
  let turns = 0;
  let isDone = false;
  const counting = (async () => {
    while (!isDone) {
      await turn();
      turns++;
    }
  })();
  assert.equal(await createPacer(2).run(busy(60), allowance), 'done');
  isDone = true;
  await counting;
  assert.ok(turns >= 20, `${turns} turns`);
  allowance.end();
});

test('a short computation passes long ones that have begun before it', async () => {
  const { begin } = createAllowances(DEFAULT_LIMITS);
  const pacer = createPacer(2);
  const order: string[] = [];
  const long = [1, 2, 3].map(() => pacer.run(busy(40), begin()).then(() => order.push('long')));
  for (let i = 0; i < 5; i++) await turn();
  await pacer.run(busy(1), begin()).then(() => order.push('short'));
  await Promise.all(long);
  assert.equal(order[0], 'short');
});

test('what computes for longer than a request may is refused', async () => {
  const { begin } = createAllowances({ ...DEFAULT_LIMITS, computingMs: 20 });
  const allowance = begin();
  await assert.rejects(createPacer(2).run(busy(1_000), allowance), isCode('too_costly'));
  assert.ok(allowance.spentMs < 200, `${allowance.spentMs} ms`);
});

test('computing ends when the client has left, and at the deadline', async () => {
  const client = new AbortController();
  const left = createAllowances(DEFAULT_LIMITS).begin(client.signal);
  const running = createPacer(2).run(busy(900), left);
  client.abort();
  await assert.rejects(running, isCode('cancelled'));
  assert.ok(left.spentMs < 100, `${left.spentMs} ms`);
  const late = createAllowances({ ...DEFAULT_LIMITS, timeoutMs: 30 }).begin();
  await assert.rejects(createPacer(2).run(busy(900), late), isCode('query_timeout'));
  await assert.rejects(late.orAborted(new Promise(() => {})), isCode('query_timeout'));
});

test('memory is given until there is no more, and is free again at the end of a request', () => {
  const { begin, heldBytes } = createAllowances({ ...DEFAULT_LIMITS, memoryBytes: 100 });
  const [first, second] = [begin(), begin()];
  first.hold(60);
  assert.throws(() => second.hold(50), isCode('overloaded'));
  assert.throws(() => second.hold(101), isCode('too_costly'));
  assert.equal(heldBytes(), 60);
  first.end();
  second.hold(50);
  second.end();
  assert.equal(heldBytes(), 0);
});

test('small queries have places of their own, and of large ones the smallest comes first', async () => {
  const { admit, status } = createAdmission();
  const { signal } = new AbortController();
  const free = Promise.withResolvers<void>();
  const order: number[] = [];
  const large = [9, 8, 7, 3, 2, 1].map((n) =>
    admit(SMALL_COST * n * 2, signal, async () => {
      await free.promise;
      order.push(n);
    }),
  );
  assert.equal(await admit(SMALL_COST, signal, async () => 'small'), 'small');
  assert.deepEqual(status().large, { running: 3, waiting: 3 });
  free.resolve();
  await Promise.all(large);
  assert.deepEqual(order.slice(3), [1, 2, 3]);
});

test('a query whose client leaves waits no more, and more than can wait are refused', async () => {
  const { admit, status } = createAdmission();
  const client = new AbortController();
  const free = Promise.withResolvers<void>();
  const forever = new AbortController().signal;
  const ask = (signal: AbortSignal) => admit(SMALL_COST + 1, signal, () => free.promise);
  const running = [1, 2, 3].map(() => ask(forever));
  const leaving = ask(client.signal);
  client.abort(new ExporterError('cancelled', 'it has left'));
  await assert.rejects(leaving, isCode('cancelled'));
  assert.equal(status().large.waiting, 0);
  const waiting = Array.from({ length: 200 }, () => ask(forever));
  await assert.rejects(ask(forever), isCode('overloaded'));
  free.resolve();
  await Promise.all([...running, ...waiting]);
});
