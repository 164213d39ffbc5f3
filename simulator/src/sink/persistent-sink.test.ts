import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jumpingClock } from '../testing.ts';
import type { EventSink, OutgoingRecord } from './event-sink.ts';
import { createPersistentSink } from './persistent-sink.ts';

const record = (key: string): OutgoingRecord => ({ topic: 'transactions', key, value: '{}', headers: {} });

/** A sink that fails so many times, and then takes what comes. */
function failing(times: number) {
  const tried: string[] = [];
  const sink: EventSink = {
    send: async (records) => {
      tried.push(records.map(({ key }) => key).join());
      if (tried.length <= times) throw new Error('away');
    },
  };
  return { sink, tried };
}

test('what fails is sent again until it is stored, and nothing else comes in between', async () => {
  const { sink, tried } = failing(3);
  const failures: string[] = [];
  const persistent = createPersistentSink({
    sink,
    clock: jumpingClock(0),
    onFailure: ({ message }) => failures.push(message),
    stopped: () => false,
  });
  await Promise.all([persistent.send([record('first')]), persistent.send([record('second')])]);
  assert.deepEqual(tried, ['first', 'first', 'first', 'first', 'second']);
  assert.equal(failures.length, 3);
});

test('once it is to end, what can’t be stored is given up, with the reason', async () => {
  const { sink, tried } = failing(9);
  const persistent = createPersistentSink({
    sink,
    clock: jumpingClock(0),
    onFailure: () => {},
    stopped: () => tried.length >= 2,
  });
  await assert.rejects(persistent.send([record('first')]), /away/);
  assert.deepEqual(tried, ['first', 'first']);
});
