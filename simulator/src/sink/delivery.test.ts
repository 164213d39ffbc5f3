import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtocolError, Reader, readRecordsBatch } from '@platformatic/kafka';
import fc from 'fast-check';
import { type Brokers, createDelivery, type PartitionOutcome } from './delivery.ts';
import type { OutgoingRecord } from './event-sink.ts';
import type { PartitionBatch } from './produce.ts';

const PARTITIONS = 4;
const BROKERS = 2;

/** What happens to a partition's part of a request; the last two happen to the whole request. */
type Fault = 'none' | 'forgotten' | 'not leader' | 'answer lost' | 'not received';

/** Brokers as Kafka's are to idempotent producers; `faults` are taken one per batch, then none happens. */
function fakeBrokers(faults: Fault[]) {
  const logs = new Map<number, string[]>();
  /** By partition and producer: the next sequence number. */
  const expected = new Map<string, number>();
  /** Partitions without a leader. */
  const away = new Set<number>();
  let introduced = 0n;
  const append = (partition: number, bytes: Buffer): string | null => {
    const { producerId, firstSequence, records } = readRecordsBatch(Reader.from(Buffer.from(bytes)));
    const key = `${partition}|${producerId}`;
    const next = expected.get(key) ?? 0;
    if (firstSequence < next) return 'DUPLICATE_SEQUENCE_NUMBER';
    if (firstSequence > next) return 'OUT_OF_ORDER_SEQUENCE_NUMBER';
    expected.set(key, next + records.length);
    logs.set(partition, [...(logs.get(partition) ?? []), ...records.map(({ value }) => String(value))]);
    return null;
  };
  const receive = ({ topic, partition, bytes }: PartitionBatch, fault: Fault): PartitionOutcome => {
    const refused = (apiId: string | null) => ({
      ...{ topic, partition },
      error: apiId === null ? null : new ProtocolError(apiId),
    });
    if (fault === 'not leader') return refused('NOT_LEADER_OR_FOLLOWER');
    if (fault === 'forgotten') return refused('UNKNOWN_PRODUCER_ID');
    return refused(append(partition, bytes));
  };
  const brokers: Brokers = {
    introduce: async () => {
      introduced += 1n;
      return { producerId: introduced, producerEpoch: 0 };
    },
    layout: async () => ({
      partitions: () => PARTITIONS,
      leader: (_, partition) => (away.has(partition) ? undefined : partition % BROKERS),
    }),
    store: async (_, batches) => {
      const happening = batches.map(() => faults.shift() ?? 'none');
      if (happening.includes('not received')) throw new Error('the connection was refused');
      const outcomes = batches.map((batch, i) => receive(batch, happening[i]!));
      if (happening.includes('answer lost')) throw new Error('the connection was lost');
      return outcomes;
    },
  };
  return { brokers, logs, away, introduced: () => introduced };
}

const recordsOf = (...values: string[]): OutgoingRecord[] =>
  values.map((value, i) => ({ topic: 'transactions', key: `k${i}`, value, headers: {} }));
const deliveryTo = (brokers: Brokers) =>
  createDelivery({ brokers, nameOf: (topic) => topic, firstWaitMs: 0 }).deliver;

test('a partition on which the producer is forgotten goes on anew, and no other is sent again', async () => {
  const { brokers, logs, introduced } = fakeBrokers(['none', 'forgotten', 'none', 'none']);
  const records = recordsOf(...Array.from({ length: 40 }, (_, i) => `v${i}`));
  const deliver = deliveryTo(brokers);
  await deliver(records);
  await deliver(recordsOf('after'));
  assert.deepEqual([...logs.values()].flat().sort(), [...records.map(({ value }) => value), 'after'].sort());
  assert.equal(introduced(), 2n);
});

test('a producer that one broker has forgotten is still known to another, whose answer was lost', async () => {
  const { brokers, logs } = fakeBrokers(['answer lost', 'none', 'forgotten', 'none']);
  const records = recordsOf(...Array.from({ length: 40 }, (_, i) => `v${i}`));
  await deliveryTo(brokers)(records);
  assert.deepEqual([...logs.values()].flat().sort(), records.map(({ value }) => value).sort());
});

test('whatever answers are lost or refused, every record is stored once and in its order', async () => {
  const fault = fc.constantFrom<Fault>('none', 'none', 'forgotten', 'not leader', 'not received');
  const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 40 }), sizes, async (faults, lengths) => {
      await storesOnce(faults, lengths);
    }),
  );
  // A producer that is forgotten after its answer was lost can't know; brokers that forget nobody lose nothing.
  const lossy = fc.constantFrom<Fault>('none', 'not leader', 'answer lost', 'not received');
  await fc.assert(
    fc.asyncProperty(fc.array(lossy, { maxLength: 40 }), sizes, async (faults, lengths) => {
      await storesOnce(faults, lengths);
    }),
  );
});

async function storesOnce(faults: Fault[], lengths: readonly number[]): Promise<void> {
  const { brokers, logs } = fakeBrokers([...faults]);
  const deliver = deliveryTo(brokers);
  const sent: OutgoingRecord[] = [];
  for (const [batch, length] of lengths.entries()) {
    const records = recordsOf(...Array.from({ length }, (_, i) => `${batch}.${String(i).padStart(2, '0')}`));
    sent.push(...records);
    // As a sink that does not give up hands them over: the same records, until they are stored.
    for (;;) {
      try {
        await deliver(records);
        break;
      } catch {}
    }
  }
  const stored = [...logs.values()];
  assert.deepEqual(stored.flat().sort(), sent.map(({ value }) => value).sort());
  for (const log of stored) assert.deepEqual(log, [...log].sort());
}

test('a partition without a leader keeps no other waiting, and gets its records in order once it has one', async () => {
  const { brokers, logs, away } = fakeBrokers([]);
  const delivery = createDelivery({ brokers, nameOf: (topic) => topic, firstWaitMs: 0 });
  const [first, second, third] = ['a', 'b', 'c'].map((name) =>
    recordsOf(...Array.from({ length: 40 }, (_, i) => `${name}${String(i).padStart(2, '0')}`)),
  );
  away.add(1);
  await delivery.deliver(first!);
  await delivery.deliver(second!);
  const stored = () => [...logs.values()].flat();
  assert.equal(logs.has(1), false);
  assert.ok(delivery.held > 0);
  assert.equal(stored().length + delivery.held, 80);
  await assert.rejects(delivery.settle(), /partition 1 of transactions has no leader/);
  away.clear();
  await delivery.settle();
  assert.equal(delivery.held, 0);
  await delivery.deliver(third!);
  assert.equal(stored().length, 120);
  for (const log of logs.values()) assert.deepEqual(log, [...log].sort());
});

test('what is held back is not tried between a rejection and the same records, which are stored once', async () => {
  const { brokers, logs, away } = fakeBrokers([]);
  const delivery = createDelivery({ brokers, nameOf: (topic) => topic, firstWaitMs: 0 });
  away.add(1);
  const held = recordsOf(...Array.from({ length: 40 }, (_, i) => `a${i}`));
  await delivery.deliver(held);
  const { store } = brokers;
  // One of the brokers takes what it gets, the other is away.
  brokers.store = (leader, batches) =>
    leader === 0 ? store(leader, batches) : Promise.reject(new Error('it is away'));
  const records = recordsOf(...Array.from({ length: 40 }, (_, i) => `b${i}`));
  await assert.rejects(delivery.deliver(records), /it is away/);
  await assert.rejects(delivery.settle(), /on their way/);
  brokers.store = store;
  away.clear();
  await delivery.deliver(records);
  await delivery.settle();
  const stored = [...logs.values()].flat();
  assert.deepEqual(stored.sort(), [...held, ...records].map(({ value }) => value).sort());
});

test('what others rely on is waited for: a shop, and the truth about events', async () => {
  for (const topic of ['shops', 'sim-ledger'] as const) {
    const { brokers, away } = fakeBrokers([]);
    for (let partition = 0; partition < PARTITIONS; partition++) away.add(partition);
    const delivery = createDelivery({ brokers, nameOf: (name) => name, firstWaitMs: 0 });
    const records = recordsOf('a').map((record) => ({ ...record, topic }));
    await assert.rejects(delivery.deliver(records), /has no leader/);
    assert.equal(delivery.held, 0);
    away.clear();
    await delivery.deliver(records);
  }
});

test('memory is bounded: beyond so many records a leader is waited for', async () => {
  const { brokers, logs, away } = fakeBrokers([]);
  const delivery = createDelivery({ brokers, nameOf: (topic) => topic, firstWaitMs: 0, mostHeld: 10 });
  for (let partition = 0; partition < PARTITIONS; partition++) away.add(partition);
  await delivery.deliver(recordsOf(...'abcdefgh'));
  await assert.rejects(delivery.deliver(recordsOf(...'ijklmnop')), /has no leader/);
  assert.equal(delivery.held, 8);
  away.clear();
  await delivery.deliver(recordsOf(...'ijklmnop'));
  assert.equal([...logs.values()].flat().length, 16);
});

test('whatever leaders go and whatever answers are lost, every record is stored once and in its order', async () => {
  const fault = fc.constantFrom<Fault>('none', 'none', 'not leader', 'answer lost', 'not received');
  const step = fc.record({
    records: fc.integer({ min: 1, max: 30 }),
    away: fc.subarray([0, 1, 2, 3]),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 40 }),
      fc.array(step, { maxLength: 8 }),
      async (faults, steps) => {
        const { brokers, logs, away } = fakeBrokers([...faults]);
        const delivery = createDelivery({ brokers, nameOf: (topic) => topic, firstWaitMs: 0 });
        const persist = async (act: () => Promise<void>) => {
          for (;;) {
            try {
              return await act();
            } catch {}
          }
        };
        const sent: string[] = [];
        for (const [n, { records: count, away: without }] of steps.entries()) {
          away.clear();
          for (const partition of without) away.add(partition);
          const values = Array.from({ length: count }, (_, i) => `${n}.${String(i).padStart(2, '0')}`);
          const records = recordsOf(...values);
          sent.push(...values);
          await persist(() => delivery.deliver(records));
        }
        away.clear();
        await persist(() => delivery.settle());
        assert.deepEqual([...logs.values()].flat().sort(), sent.sort());
        for (const log of logs.values()) assert.deepEqual(log, [...log].sort());
      },
    ),
  );
});
