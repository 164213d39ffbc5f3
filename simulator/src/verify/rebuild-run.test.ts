import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../run/clock.ts';
import type { RunSpec } from '../run/run-spec.ts';
import { startRun } from '../run/start-run.ts';
import type { OutgoingRecord } from '../sink/event-sink.ts';
import { runName } from '../traffic/run-ids.ts';
import { type LedgerTopic, noteEntry } from './ledger-topic.ts';
import type { TopicSource } from './read-topic.ts';
import { rebuildRun } from './rebuild-run.ts';
import { readStoredRecords } from './stored-records.ts';

const ORIGIN = Date.UTC(2026, 0, 5, 9);
const spec: RunSpec = {
  seed: 'cut short',
  shops: [{ shop: 'first', market: 'gb' }],
  origin: ORIGIN,
  profile: { profile: 'poisson', rate: 20 },
  timeline: [
    { at: ORIGIN + 60_000, command: { command: 'rate', rate: 80 } },
    {
      at: ORIGIN + 90_000,
      command: { command: 'faults', faults: { late: 0.1, duplicate: 0.1, malformed: 0.1 } },
    },
    { at: ORIGIN + 180_000, command: { command: 'stop' } },
  ],
};

/** All records of the run, as they are stored one after the other, and its ledger's. */
async function runWhole(): Promise<{ records: OutgoingRecord[]; ledger: OutgoingRecord[] }> {
  const all: OutgoingRecord[] = [];
  const clock: Clock = { now: () => ORIGIN + 3_600_000, sleepUntil: async () => {} };
  const sink = { send: async (records: readonly OutgoingRecord[]) => void all.push(...records) };
  const { runner } = await startRun(spec, { sink, clock, onEmission: () => {} });
  await runner.run();
  return {
    records: all.filter(({ topic }) => topic !== 'sim-ledger'),
    ledger: all.filter(({ topic }) => topic === 'sim-ledger'),
  };
}

/** Kafka, with these records in it, of which it has let go of `gone`. */
function kafkaWith(records: readonly OutgoingRecord[], gone = 0): TopicSource {
  const of = (topic: string) => records.filter((record) => record.topic === topic);
  return {
    bounds: async (topic) => [{ partition: 0, low: 0, high: of(topic).length }],
    committed: async () => new Map(),
    read: async (topic, take) => {
      for (const { key, value } of of(topic).slice(gone)) {
        take({ key: Buffer.from(key), value: Buffer.from(value) });
      }
    },
    close: async () => {},
  };
}

function runOf(ledger: readonly OutgoingRecord[]) {
  const topic: LedgerTopic = new Map();
  for (const { value } of ledger) noteEntry(topic, Buffer.from(value));
  return topic.get(runName(spec.seed, spec.origin))!;
}

const plain = ({ windows, fates }: Pick<ReturnType<typeof runOf>, 'windows' | 'fates'>) => ({
  windows: windows.map(({ start, text }) => {
    const { main, further } = JSON.parse(text.toString()) as Record<string, unknown>;
    return [start, main, further];
  }),
  fates: [...fates],
});

test('a run that is made again, all of its records being stored, has the ledger that it wrote itself', async () => {
  const { records, ledger } = await runWhole();
  const written = runOf(ledger);
  const rebuilt = rebuildRun(written, await readStoredRecords(kafkaWith(records)), ORIGIN + 3_600_000);
  assert.ok(written.windows.length > 15);
  assert.deepEqual(plain(rebuilt), plain(written));
});

test('of a run that was cut short, that counts which is stored', async () => {
  const { records, ledger } = await runWhole();
  const kept = records.slice(0, 5_000);
  const rebuilt = rebuildRun(runOf(ledger), await readStoredRecords(kafkaWith(kept)), ORIGIN + 3_600_000);
  const fates = Object.values(rebuilt.fates.get('first')!).flatMap((byFate) => Object.values(byFate));
  assert.equal(
    fates.reduce((sum, count) => sum + count, 0),
    kept.length,
  );
});

test('when Kafka has let go of records, what is stored of a run can’t be known', async () => {
  const { records } = await runWhole();
  await assert.rejects(readStoredRecords(kafkaWith(records, 3)), {
    code: 'ledger-incomplete',
    message: /let go of \d+ records of the topic/,
  });
});
