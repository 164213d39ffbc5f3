import { type EventRecord, INPUT_TOPICS } from '@storepulse/contracts';
import { createRandom } from '@storepulse/simulator/random/random';
import type { Producer } from 'kafkajs';
import { scrape } from '../../support/figures/prometheus.ts';
import { consumedRecords, untilDrained } from '../../support/pipeline/drained.ts';
import { countOf, fatesOf } from '../../support/pipeline/fates.ts';
import type { Pipeline } from '../../support/pipeline/pipeline.ts';
import { until } from '../../support/until.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { openLane } from '../support/lane.ts';
import { mutate, type RawRecord } from '../support/mutate.ts';
import { createTraffic } from '../support/traffic.ts';

const CHUNK = 1_000;
/** Sound events among them, for each chunk. */
const SOUND = 100;
/** What the topics of this row take at most: the default is 1 MB. */
const MAX_MESSAGE_BYTES = 8_000_000;
const MAX_REQUEST_BYTES = 700_000;
/** A task that conflicted is claimed again at once, and the gauge of tasks follows within 2 s. */
const CLAIMED_AGAIN_MS = 60_000;
/** Kafka's number for topics; kafkajs exports its own name for it in a way that Node does not see. */
const TOPIC_RESOURCE = 2;

/** Mutated events of one shop, sound ones of another among them. */
export const malformed: Row = {
  id: 'R9',
  what: 'malformed: mutated events, 1 B to 5 MB, deep nesting, NaN, `__proto__`, invalid UTF-8',
  figure:
    'crashes 0; consumed = processed + duplicate + dead-letter, exactly; sound events beside them to the penny',
  repeats: 100_000,
  small: 2_000,
  run: async ({ servers: startServers, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    const lane = await openLane({ servers, name, faults: {} });
    await takeLargeRecords(lane.pipeline);
    const processor = await lane.startProcessor();
    const { pid } = processor.service;
    const random = createRandom(name);
    const base = createTraffic({ seed: `${name}-base`, faults: {}, shop: 'mutant' });
    const pool: EventRecord[] = [base.shopRecord, ...base.opening.slice(0, 500)];
    await lane.send([base.shopRecord]);
    const producer = lane.pipeline.kafka.producer();
    lane.pipeline.onStop(() => producer.disconnect());
    await producer.connect();
    const before = await consumedRecords(lane.pipeline);
    let sent = 0;
    while (sent < repeats) {
      const count = Math.min(CHUNK, repeats - sent);
      const sound = [...base.next(count - 50), ...Array.from({ length: 50 }, () => random.pick(pool))];
      const mutated = sound.slice(0, count).map((record) => mutate(record, INPUT_TOPICS, random));
      await sendRaw(producer, lane.pipeline.prefix, mutated);
      await lane.feed(SOUND);
      sent += count;
      for (let n = 0; n < count; n++) onRepeat();
    }
    await untilDrained(lane.pipeline);
    if (processor.service.pid !== pid) attempts.fail('the processor ended');
    for (const failure of ['fenced_total', 'task_failures_total']) {
      const count = await counter(processor.url, `storepulse_processor_${failure}`);
      if (count > 0) attempts.fail(`${failure} is ${count}`);
    }
    // A mutated event may name a visit of another task: two that meet it at the same moment cost one of them its claim.
    const settled = await until(
      'as many claims as tasks and conflicts',
      async () => {
        const counts = ['claims_total', 'tasks', 'conflicts_total'].map((name) =>
          counter(processor.url, `storepulse_processor_${name}`),
        );
        const [claims, tasks, conflicts] = await Promise.all(counts);
        return { claims: claims!, tasks: tasks!, conflicts: conflicts! };
      },
      ({ claims, tasks, conflicts }) => claims === tasks + conflicts,
      CLAIMED_AGAIN_MS,
    );
    attempts.figure('conflicts', settled.conflicts);
    const fates = await fatesOf(lane.pipeline);
    const consumed = await consumedRecords(lane.pipeline);
    attempts.counted(sent, sent - Math.abs(consumed - countOf(fates)));
    if (consumed - before < sent) attempts.fail(`${consumed - before} consumed of ${sent} sent`);
    for (const [fate, n] of Object.entries(fates)) attempts.figure(fate, n);
    // The mutated ones have fates of their own, which no ledger knows.
    attempts.differences(await judge(lane, { resent: true }));
    return attempts.outcome();
  },
};

async function counter(url: string, wanted: string): Promise<number> {
  return Number((await scrape(url)).find(({ name }) => name === wanted)?.value ?? 0);
}

/** As an operator may have set the topics: what is too large for us must get its fate all the same. */
async function takeLargeRecords({ admin: connect, prefix }: Pipeline): Promise<void> {
  const admin = await connect();
  await admin.alterConfigs({
    validateOnly: false,
    resources: INPUT_TOPICS.map((topic) => ({
      type: TOPIC_RESOURCE,
      name: `${prefix}${topic}`,
      configEntries: [{ name: 'max.message.bytes', value: String(MAX_MESSAGE_BYTES) }],
    })),
  });
}

async function sendRaw(producer: Producer, prefix: string, records: readonly RawRecord[]): Promise<void> {
  let request: RawRecord[] = [];
  let size = 0;
  const flush = async () => {
    const byTopic = Map.groupBy(request, ({ topic }) => topic);
    request = [];
    size = 0;
    await producer.sendBatch({
      topicMessages: [...byTopic].map(([topic, ofTopic]) => ({
        topic: `${prefix}${topic}`,
        messages: ofTopic.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
      })),
    });
  };
  for (const record of records) {
    const length = (record.value?.length ?? 0) + 300;
    if (request.length > 0 && size + length > MAX_REQUEST_BYTES) await flush();
    request.push(record);
    size += length;
  }
  if (request.length > 0) await flush();
}
