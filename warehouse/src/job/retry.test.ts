import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LakeError } from '@storepulse/lake';
import { WarehouseError } from '../errors.ts';
import { nextRunAfter } from './next-run.ts';
import { withRetries } from './retry.ts';

function trying(errors: Error[]) {
  const waits: number[] = [];
  let tries = 0;
  const work = async () => {
    tries += 1;
    const error = errors.shift();
    if (error) throw error;
    return tries;
  };
  const retrying = {
    retries: 2,
    retryMs: 10,
    sleep: async (ms: number) => void waits.push(ms),
    onRetry: () => {},
  };
  return { waits, run: () => withRetries(work, retrying) };
}

const replaced = () => new LakeError('FILE_MISSING', 'a file was replaced');

test('what passes is tried again, after twice the wait each time, and not for ever', async () => {
  const twice = trying([replaced(), replaced()]);
  assert.equal(await twice.run(), 3);
  assert.deepEqual(twice.waits, [10, 20]);
  const thrice = trying([replaced(), replaced(), replaced()]);
  await assert.rejects(thrice.run(), LakeError);
});

test('data that contradict the models, and models that are wrong, stay so: they are not tried again', async () => {
  for (const code of ['TESTS_FAILED', 'MODEL_FAILED', 'PROJECT'] as const) {
    const { run, waits } = trying([new WarehouseError(code, 'wrong')]);
    await assert.rejects(run());
    assert.deepEqual(waits, [], code);
  }
});

test('the next run is today while its time is to come, and tomorrow from then on', () => {
  const at = (text: string) => new Date(nextRunAfter(Date.parse(text), '03:30')).toISOString();
  assert.equal(at('2026-01-31T03:29:59Z'), '2026-01-31T03:30:00.000Z');
  assert.equal(at('2026-01-31T03:30:00Z'), '2026-02-01T03:30:00.000Z');
});
