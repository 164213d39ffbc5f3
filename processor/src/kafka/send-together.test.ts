import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputRecord, Sender } from './port.ts';
import { sendTogether } from './send-together.ts';

const record = (key: string): OutputRecord => ({ key, value: 'v' });

/** A sender that notes its requests, and refuses those that hold a record of the key `bad`. */
function noting() {
  const requests: string[][] = [];
  const send: Sender['send'] = async (topic, records) => {
    requests.push([topic, ...records.map(({ key }) => String(key))]);
    if (records.some(({ key }) => key === 'bad')) throw new Error('refused');
  };
  return { requests, sender: sendTogether({ send }, ['metric-changes']) };
}

test('what is asked for in the same turn is one request, in order, and other topics have their own', async () => {
  const { requests, sender } = noting();
  await Promise.all([
    sender.send('metric-changes', [record('a'), record('b')]),
    sender.send('dead-letter', [record('x')]),
    sender.send('dead-letter', [record('y')]),
    sender.send('metric-changes', [record('c')]),
  ]);
  await sender.send('metric-changes', [record('d')]);
  assert.deepEqual(requests, [
    ['dead-letter', 'x'],
    ['dead-letter', 'y'],
    ['metric-changes', 'a', 'b', 'c'],
    ['metric-changes', 'd'],
  ]);
});

test('whose records are refused learns it, and the others are sent', async () => {
  const { requests, sender } = noting();
  const [good, bad] = await Promise.allSettled([
    sender.send('metric-changes', [record('a')]),
    sender.send('metric-changes', [record('bad')]),
  ]);
  assert.deepEqual([good.status, bad.status], ['fulfilled', 'rejected']);
  assert.deepEqual(requests.slice(1), [
    ['metric-changes', 'a'],
    ['metric-changes', 'bad'],
  ]);
});
