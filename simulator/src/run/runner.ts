import type { Emission } from '../faults/injector.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createBatcher } from '../sink/batches.ts';
import type { EventSink } from '../sink/event-sink.ts';
import type { Clock } from './clock.ts';
import { type Command, insertByTime, type TimedCommand } from './commands.ts';
import type { Engine, EngineStatus } from './engine.ts';
import { createRateMeter } from './rate-meter.ts';

/** What a run is doing, in numbers. */
export interface RunStatus extends EngineStatus {
  /** Events (or visits, by the profile's unit) per second that are asked for. */
  readonly requestedRate: number;
  /** Events per second that were stored over the last seconds. */
  readonly achievedRate: number;
  /** Events stored since the start. */
  readonly sent: number;
  /** Events that are due and not stored yet. */
  readonly queued: number;
  /** Up to when everything has been made, epoch ms; null before the first event. */
  readonly madeUntil: number | null;
}

/** A run that goes on, and can be steered. */
export interface Runner {
  /** Makes and sends events until stopped; rejects when the sink gives up. */
  run(): Promise<void>;
  /** Steers the run from now on, or from so many ms after now on. @returns the event time from which it holds, epoch ms */
  command(command: Command, after?: number): number;
  status(): RunStatus;
  /** All commands so far, with the event times from which they hold. */
  readonly timeline: readonly TimedCommand[];
  /** When the loop last went round, epoch ms: health is progress. */
  readonly lastTick: number;
}

/** What happens to arrivals that Kafka does not take in time: they wait, up to a bound, or they are left out. */
export type Overload = 'queue' | 'shed';

/** What to run, and with what. */
export interface RunnerOptions {
  readonly engine: Engine;
  readonly sink: EventSink;
  readonly clock: Clock;
  /** @default queue */
  readonly overload?: Overload;
  /** Commands that are known beforehand: those of a run that is run again. */
  readonly timeline?: readonly TimedCommand[];
  readonly ledger: Ledger;
  /** Told of everything that is made, in order, before it is sent. */
  readonly onEmission: (emission: Emission) => void;
}

/** How long events gather before they leave together, at least … */
const LINGER_MS = 20;
/** … and at most: a request costs Kafka about as much for one event as for some tens … */
const LONGEST_LINGER_MS = 100;
/** … so that is how many are waited for in between. */
const WORTH_A_REQUEST = 20;
/** Makes this many at most before other work (a request, a timer) gets its turn. */
const EVENTS_PER_TURN = 500;
/** A record carries its due time, unless that is so long ago that Kafka's retention would count from there. */
const RECENT_MS = 60_000;
/** Arrivals that may be overdue: in the queue, or before the first one is shed. They take no memory. */
const MAX_QUEUED = 500_000;
const SHED_ABOVE_SECONDS = 1;

/** Sets a run up; nothing happens before `run`. */
export function createRunner(options: RunnerOptions): Runner {
  const { engine, sink, clock, ledger, onEmission, overload = 'queue' } = options;
  const startedAt = clock.now();
  const timeline: TimedCommand[] = [];
  const meter = createRateMeter(startedAt);
  const batcher = createBatcher({
    ...sink,
    send: async (records) => {
      await sink.send(records);
      meter.add(clock.now(), records.length);
    },
  });
  /** The ledger's own records are no events: they are counted nowhere. */
  const ledgerBatcher = createBatcher(sink);
  let lastTick = startedAt;
  let madeUntil = Number.NEGATIVE_INFINITY;
  let caughtUp = false;
  /** Something was done to the run that the topic of the ledger does not tell yet. */
  let commanded = true;
  let made = 0;

  const add = (timed: TimedCommand) => {
    insertByTime(timeline, timed);
    ledger.note('command', timed);
    commanded = true;
    engine.command(timed);
  };
  for (const timed of options.timeline ?? []) add(timed);
  /** Never within what has been made already: whoever runs the timeline again must see the same order. */
  const nextMoment = () => Math.max(clock.now(), Math.floor(madeUntil) + 1);
  /** A stop does not wait for what is overdue, which may be weeks of history. */
  const momentOf = ({ command }: Command) =>
    command === 'stop' && Number.isFinite(madeUntil) ? Math.floor(madeUntil) + 1 : nextMoment();

  /** Leaves out what can't be made in time any more; history that is made at the start is no backlog. */
  const shedOverload = (now: number) => {
    if (!caughtUp) return;
    const limit = overload === 'shed' ? Math.ceil(engine.rateAt(now) * SHED_ABOVE_SECONDS) : MAX_QUEUED;
    const over = engine.backlog(now) - limit;
    const due = engine.peek(now);
    if (over > 0 && due <= now) add({ at: due, command: { command: 'shed', count: over } });
  };

  /** Makes what is due by `horizon`; false when there was too much for one turn. */
  const makeDue = async (horizon: number): Promise<boolean> => {
    for (let count = 0; count < EVENTS_PER_TURN; count++) {
      const due = engine.peek(horizon);
      if (due > horizon) {
        madeUntil = horizon;
        return true;
      }
      const emission = engine.take();
      madeUntil = due;
      onEmission(emission);
      ledger.record(emission, due);
      if (engine.endedVisit !== null) ledger.endVisit(engine.endedVisit);
      const { record } = emission;
      if (!record) continue;
      made += 1;
      const recent = horizon - due < RECENT_MS;
      const leaving = batcher.add(recent ? { ...record, timestamp: Math.floor(due) } : record);
      if (leaving) await leaving;
    }
    return false;
  };

  const writeLedger = async (all: boolean) => {
    for (const record of ledger.take(all)) await ledgerBatcher.add(record);
    // The windows of history can wait until they fill a request.
    if (!all && !caughtUp && !commanded) return;
    commanded = false;
    await ledgerBatcher.push();
  };

  return {
    run: async () => {
      while (engine.status().state !== 'stopped') {
        lastTick = clock.now();
        shedOverload(lastTick);
        // Before what follows from it: a command is known once events are stored that it has changed.
        await writeLedger(false);
        if (await makeDue(lastTick)) {
          caughtUp = true;
          await batcher.push();
          await clock.sleepUntil(lastTick + lingerAt(engine.rateAt(lastTick)));
        } else {
          await new Promise(setImmediate);
        }
      }
      await batcher.flush();
      await writeLedger(true);
    },
    command: (next, after = 0) => {
      const at = momentOf(next) + after;
      add({ at, command: next });
      return at;
    },
    status: () => {
      const now = clock.now();
      return {
        ...engine.status(),
        requestedRate: engine.rateAt(now),
        achievedRate: meter.rate(now),
        sent: batcher.sent,
        queued: engine.backlog(now) + made - batcher.sent,
        madeUntil: Number.isFinite(madeUntil) ? madeUntil : null,
      };
    },
    timeline,
    get lastTick() {
      return lastTick;
    },
  };
}

/** How long events of so many a second gather, in ms. */
function lingerAt(rate: number): number {
  return Math.min(LONGEST_LINGER_MS, Math.max(LINGER_MS, (1_000 * WORTH_A_REQUEST) / rate));
}
