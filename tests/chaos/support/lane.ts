import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaSettingsSchema, readSettings } from '@storepulse/contracts';
import type { RunningPart } from '@storepulse/local';
import type { FaultShares } from '@storepulse/simulator/faults/faults';
import { systemClock } from '@storepulse/simulator/run/clock';
import { createBatcher } from '@storepulse/simulator/sink/batches';
import type { OutgoingRecord } from '@storepulse/simulator/sink/event-sink';
import { openKafkaSink } from '@storepulse/simulator/sink/kafka-sink';
import { createPersistentSink } from '@storepulse/simulator/sink/persistent-sink';
import type { Clock } from '../../support/clock.ts';
import { readMetricsTopic, type TopicReader } from '../../support/figures/topic.ts';
import { untilDrained } from '../../support/pipeline/drained.ts';
import type { Pipeline } from '../../support/pipeline/pipeline.ts';
import { firstResultAfter, RECOVERY_MS } from '../../support/pipeline/recovery.ts';
import type { Servers } from '../../support/servers.ts';
import { createTraffic, type Traffic } from './traffic.ts';
import { withStateOf } from './with-state-of.ts';

/** A shop's traffic into a pipeline of its own. */
export interface Lane {
  readonly pipeline: Pipeline;
  readonly traffic: Traffic;
  readonly topic: TopicReader;
  /** Starts a processor and returns when it is ready. @param program in its place, from the root of the checkout */
  startProcessor(program?: string, settings?: Readonly<Record<string, string>>): Promise<RunningPart>;
  /** Sends records; returns when all are acknowledged, however long the broker is away. */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Makes so many events and sends them, as `send`. */
  feed(count: number): Promise<void>;
  /** Feeds small batches until told to stop; the returned function does so and waits for the last acknowledgement. */
  feedOn(): () => Promise<void>;
  /**
   * Starts a processor that has ended.
   * @returns ms of the clock to its first new result
   * @throws {Error} when they are too many
   */
  recover(processor: RunningPart, clock: Clock): Promise<number>;
  /**
   * Waits until everything that was sent is counted, merged and published.
   * @throws {Error} when that does not happen in time, with what each processor says of itself
   */
  drain(timeoutMs?: number): Promise<void>;
}

/** What a lane is made of. */
export interface LaneOptions {
  readonly servers: Pick<Servers, 'pipeline'>;
  readonly name: string;
  readonly faults: FaultShares;
  /** @default 4 */
  readonly partitions?: number;
  /** Events per second of event time. @default 200 */
  readonly rate?: number;
  /** How old the first event is, ms. @default 40 minutes */
  readonly ageMs?: number;
}

const BATCH = 25;
const BETWEEN_BATCHES_MS = 200;

/** Makes the topics and tells them what the shop is; no processor runs yet. */
export async function openLane(options: LaneOptions): Promise<Lane> {
  const { servers, name, faults, partitions = 4, rate, ageMs } = options;
  const pipeline = servers.pipeline(name);
  const settings = readSettings(KafkaSettingsSchema, {
    ...pipeline.settings,
    TOPIC_PARTITIONS: String(partitions),
  });
  const traffic = createTraffic({ seed: name, faults, rate, ageMs });
  const sink = await openKafkaSink({ settings, clientId: name });
  pipeline.onStop(() => sink.close());
  let stopped = false;
  pipeline.onStop(async () => {
    stopped = true;
  });
  const batcher = createBatcher(
    createPersistentSink({ sink, clock: systemClock, onFailure: () => undefined, stopped: () => stopped }),
  );
  let last: Promise<void> = Promise.resolve();
  const sendNow = async (records: readonly OutgoingRecord[]) => {
    for (const record of records) await batcher.add(record);
    await batcher.flush();
  };
  const send = (records: readonly OutgoingRecord[]): Promise<void> => {
    last = last.then(() => sendNow(records));
    return last;
  };
  await send([traffic.shopRecord]);
  await send(traffic.opening);
  const topic = await readMetricsTopic(pipeline);
  const feed = (count: number) => send(traffic.next(count));
  const processors: RunningPart[] = [];

  return {
    pipeline,
    traffic,
    topic,
    startProcessor: async (program, extra = {}) => {
      const own = { TOPIC_PARTITIONS: String(partitions), ...extra };
      const processor = await pipeline.start('processor', own, program);
      processors.push(processor);
      return processor;
    },
    send,
    feed,
    feedOn: () => {
      let wanted = true;
      const feeding = (async () => {
        while (wanted && !stopped) {
          await feed(BATCH);
          await sleep(BETWEEN_BATCHES_MS);
        }
      })();
      // Its failure is told to whoever ends it.
      feeding.catch(() => undefined);
      return async () => {
        wanted = false;
        await feeding;
      };
    },
    recover: async ({ service }, clock) => {
      const elapsed = await firstResultAfter(pipeline, clock, () => service.start());
      if (elapsed > RECOVERY_MS) throw new Error(`recovery took ${elapsed} ms, more than ${RECOVERY_MS}`);
      return elapsed;
    },
    drain: async (timeoutMs) => {
      await withStateOf(processors, async () => {
        await untilDrained(pipeline, timeoutMs);
        await topic.untilLevel();
      });
    },
  };
}
