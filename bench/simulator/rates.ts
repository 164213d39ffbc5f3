import { TOPICS, topicName } from '@storepulse/contracts';
import type { RunSpec } from '@storepulse/simulator/run/run-spec';
import { waitShowing } from './progress.ts';
import { readEvents, type StoredTime, withAdmin } from './read-events.ts';
import { percentile, type Row, rounded } from './report.ts';
import { openStand, type Stand } from './stand.ts';

/** In the first seconds code is compiled, here and in Kafka, and partitions are made: they are counted, not timed. */
const WARM_UP_SECONDS = 10;
/** How finely the moment is looked for from which a new rate holds, in ms. */
const BIN_MS = 20;

/**
 * The rate contract as the records in Kafka show it: how many events each whole second of due times holds, and how
 * long after its due time each was appended, by the broker's clock, which is that of this machine.
 */
export async function measureRates({ rates, seconds }: { rates: number[]; seconds: number }): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, rate] of rates.entries()) rows.push(await measureRate(rate, seconds, rates[index + 1]));
  return rows;
}

/** Holds a rate for so many seconds; then, when there is another one, changes to it and holds that as long. */
async function measureRate(rate: number, seconds: number, next: number | undefined): Promise<Row> {
  await using stand = await openStand('rates.');
  await makeTopics(stand);
  const simulator = await stand.simulator({ SIMULATOR_RATE: String(rate), SIMULATOR_BACKFILL: '0' });
  const { origin } = await simulator.ask<RunSpec>('GET', '/v1/timeline');
  let asked = Number.POSITIVE_INFINITY;
  await waitShowing(`${rate}/s`, WARM_UP_SECONDS + seconds);
  if (next !== undefined) {
    asked = Date.now();
    await simulator.ask('PUT', '/v1/rate', { rate: next });
    await waitShowing(`${rate} → ${next}/s`, Math.min(seconds, WARM_UP_SECONDS));
  }
  const ended = Date.now();
  await simulator.stop();
  const events = (await readEvents(stand.settings)).filter(({ eventTime }) => eventTime > origin);
  const ready = origin + WARM_UP_SECONDS * 1_000;
  const timed = events
    .filter(({ eventTime }) => eventTime >= ready)
    .map(({ eventTime, recordTime }) => recordTime - eventTime)
    .sort((a, b) => a - b);
  return {
    'asked for, events/s': rate,
    ...countRow('each second', secondsOf(events, origin, Math.min(asked, ended))),
    'append less due, ms: p50': percentile(timed, 0.5),
    p99: percentile(timed, 0.99),
    most: timed.at(-1) ?? Number.NaN,
    ...(next === undefined
      ? {}
      : {
          'changed to': next,
          'in force after, ms': changedAfter(events, asked, rate, next),
          ...countRow('each second after', secondsOf(events, asked + 250, ended)),
        }),
  };
}

/** The topics as the simulator would make them, but dated by the broker. */
async function makeTopics({ settings }: Stand): Promise<void> {
  await withAdmin(settings, (admin) =>
    admin.createTopics({
      topics: TOPICS.map((topic) => ({
        topic: topicName(topic, settings),
        numPartitions: settings.partitions,
        configEntries: [{ name: 'message.timestamp.type', value: 'LogAppendTime' }],
      })),
    }),
  );
}

/** Events in each whole second of due times that lies between two moments. */
function secondsOf(events: readonly StoredTime[], from: number, until: number): number[] {
  const first = Math.ceil(from / 1_000);
  const counts = Array.from({ length: Math.max(0, Math.floor(until / 1_000) - first) }, () => 0);
  for (const { eventTime } of events) {
    const index = Math.floor(eventTime / 1_000) - first;
    if (index >= 0 && index < counts.length) counts[index]! += 1;
  }
  return counts;
}

function countRow(name: string, counts: readonly number[]): Row {
  if (counts.length === 0) return { [name]: '–' };
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return { [name]: fewest === most ? fewest : `${fewest} to ${most}` };
}

/** How long after it was asked for the due times first come at the new rate's pace, in ms. */
function changedAfter(events: readonly StoredTime[], asked: number, from: number, to: number): number {
  const halfway = (((from + to) / 2) * BIN_MS) / 1_000;
  for (let bin = 0; bin < 5_000 / BIN_MS; bin++) {
    const start = asked + bin * BIN_MS;
    const count = events.filter(({ eventTime }) => eventTime >= start && eventTime < start + BIN_MS).length;
    if (to > from ? count > halfway : count < halfway) return rounded(start - asked);
  }
  return Number.NaN;
}
