import { type StoreEvent, toRecord } from '@storepulse/contracts';
import { constantRate } from '../load/profile.ts';
import { createSchedule } from '../load/schedule.ts';
import { createBatcher } from '../sink/batches.ts';
import type { EventSink } from '../sink/event-sink.ts';
import type { TrafficStream } from '../traffic/stream.ts';
import type { Clock } from './clock.ts';
import { createRateMeter } from './rate-meter.ts';

/** What the simulator is doing. */
export type RunState = 'running' | 'paused' | 'stopped';

/** What the simulator is doing, in numbers. */
export interface RunStatus {
  readonly state: RunState;
  /** Events per second that are asked for, and that were stored over the last seconds. */
  readonly requestedRate: number;
  readonly achievedRate: number;
  /** Events stored since the start. */
  readonly sent: number;
  /** Events that are due and not stored yet. */
  readonly queued: number;
  /** Visits under way and things that will happen later. */
  readonly waiting: number;
}

/** Traffic that goes on, and can be steered. */
export interface Runner {
  /** Makes and sends events until `stop`; rejects when the sink gives up. */
  run(): Promise<void>;
  /** From now on so many events per second; while paused, it is the rate to resume with. */
  setRate(rate: number): void;
  pause(): void;
  resume(): void;
  /** Ends the traffic once everything that was made is stored. */
  stop(): void;
  status(): RunStatus;
  /** When the loop last went round, epoch ms: health is progress. */
  readonly lastTick: number;
}

/** What traffic to make, and with what. */
export interface RunnerOptions {
  readonly stream: TrafficStream;
  readonly sink: EventSink;
  readonly clock: Clock;
  /** When the traffic begins, epoch ms; in the past, history is made as fast as it can be stored. */
  readonly origin: number;
  /** Events per second from the origin on until now. */
  readonly backfillRate: number;
  /** Events per second from now on. */
  readonly rate: number;
  /** Told of every event that is handed over. */
  readonly onEvent: (event: StoreEvent) => void;
}

/** How long events gather before they leave together. */
const LINGER_MS = 20;
/** Makes this many at most before other work (a request, a timer) gets its turn. */
const EVENTS_PER_TURN = 500;
/** A record carries its due time, unless that is so long ago that Kafka's retention would count from there. */
const RECENT_MS = 60_000;

/** Sets the traffic up; nothing happens before `run`. */
export function createRunner(options: RunnerOptions): Runner {
  const { stream, sink, clock, origin, onEvent } = options;
  const startedAt = clock.now();
  const schedule = createSchedule(
    origin,
    constantRate(origin < startedAt ? options.backfillRate : options.rate),
  );
  if (origin < startedAt) schedule.change(startedAt, constantRate(options.rate));
  const meter = createRateMeter(startedAt);
  const batcher = createBatcher({
    send: async (records) => {
      await sink.send(records);
      meter.add(clock.now(), records.length);
    },
  });
  let state: RunState = 'running';
  let rate = options.rate;
  let lastTick = startedAt;
  let made = 0;

  /** Makes what is due by `horizon`; false when there was too much for one turn. */
  const makeDue = async (horizon: number): Promise<boolean> => {
    for (let count = 0; count < EVENTS_PER_TURN; count++) {
      const due = schedule.peek();
      if (due > horizon || state === 'stopped') return true;
      schedule.take();
      const eventTime = Math.floor(due);
      const event = stream.next(eventTime);
      onEvent(event);
      made += 1;
      const recent = horizon - eventTime < RECENT_MS;
      const record = toRecord(event, '/simulator');
      const leaving = batcher.add(recent ? { ...record, timestamp: eventTime } : record);
      if (leaving) await leaving;
    }
    return false;
  };

  return {
    run: async () => {
      while (state !== 'stopped') {
        lastTick = clock.now();
        if (await makeDue(lastTick)) {
          await batcher.flush();
          await clock.sleepUntil(lastTick + LINGER_MS);
        } else {
          await new Promise(setImmediate);
        }
      }
      await batcher.flush();
    },
    setRate: (next) => {
      rate = next;
      if (state === 'running') schedule.change(clock.now(), constantRate(rate));
    },
    pause: () => {
      if (state !== 'running') return;
      state = 'paused';
      schedule.change(clock.now(), constantRate(0));
    },
    resume: () => {
      if (state !== 'paused') return;
      state = 'running';
      schedule.change(clock.now(), constantRate(rate));
    },
    stop: () => {
      state = 'stopped';
    },
    status: () => ({
      state,
      requestedRate: state === 'running' ? rate : 0,
      achievedRate: meter.rate(clock.now()),
      sent: batcher.sent,
      queued: schedule.backlog(clock.now()) + made - batcher.sent,
      waiting: stream.waiting,
    }),
    get lastTick() {
      return lastTick;
    },
  };
}
