import type { EventOf } from '@storepulse/contracts';
import type { FaultShares } from '../faults/faults.ts';
import { createFaultInjector, type Emission } from '../faults/injector.ts';
import { createDayShape, meanShape } from '../load/day-shape.ts';
import { type LoadProfile, rateCurve, withRate } from '../load/profile.ts';
import { constantRate } from '../load/rate-pieces.ts';
import { createSchedule, evenGap, type Gap } from '../load/schedule.ts';
import { createRandom } from '../random/random.ts';
import { SCENARIOS, type ScenarioName } from '../scenarios/scenarios.ts';
import { createRunIds } from '../traffic/run-ids.ts';
import { createTrafficStream } from '../traffic/stream.ts';
import type { ShopWorld } from '../world/shop-world.ts';
import { type Command, insertByTime, type TimedCommand } from './commands.ts';

/** What an engine is doing. */
export interface EngineStatus {
  readonly state: 'running' | 'paused' | 'stopped';
  readonly profile: LoadProfile;
  readonly faults: FaultShares;
  readonly scenarios: readonly ScenarioName[];
  /** Visits under way and things that will happen later. */
  readonly waiting: number;
  /** Arrivals that were left out so far. */
  readonly shed: number;
}

/**
 * Makes the events of a run, one after the other, from its seed, its start and its commands alone. It knows no
 * clock: whoever drives it decides when what is due is made, and gets the same events whenever that is.
 */
export interface Engine {
  /**
   * When the next event is due, epoch ms; Infinity while nothing will happen by itself.
   * @param until commands after this time are left alone, since others may still come before them @default Infinity
   */
  peek(until?: number): number;
  /** Makes the event that `peek` announced. */
  take(): Emission;
  /** The visit that ended with the last event; null when none did. */
  readonly endedVisit: string | null;
  /** Adds a command that holds from `at` on, which is after the last event that was made. */
  command(timed: TimedCommand): void;
  /** Events that are due before `time` and not made; in units of the profile. */
  backlog(time: number): number;
  /** Arrivals per second that are asked for at `time`. */
  rateAt(time: number): number;
  status(): EngineStatus;
}

/** What an engine is made of. */
export interface EngineOptions {
  readonly seed: string;
  readonly worlds: readonly ShopWorld[];
  /** When the traffic begins, epoch ms. */
  readonly origin: number;
  readonly profile: LoadProfile;
}

/** Sets an engine up; nothing is made before `take`. */
export function createEngine({ seed, worlds, origin, profile: firstProfile }: EngineOptions): Engine {
  const ids = createRunIds(seed, origin);
  const stream = createTrafficStream({ seed, worlds, ids, origin });
  const faults = createFaultInjector(seed);
  const arrivals = createRandom(`${seed}|arrivals`);
  const shape = meanShape(worlds.map(({ market }) => createDayShape(market.week, market.timeZone)));
  const poissonGap: Gap = () => arrivals.exponential(1);
  const gapOf = (profile: LoadProfile) => (profile.profile === 'poisson' ? poissonGap : evenGap);

  let profile = firstProfile;
  let state: EngineStatus['state'] = 'running';
  let shares: FaultShares = {};
  let shed = 0;
  let resumedAt = origin;
  /** Those that go on: when each was begun last, and the annotation of each shop that tells of it. */
  const scenarios = new Map<ScenarioName, { begun: number; annotationOf: (shop: string) => string }>();
  const commands: TimedCommand[] = [];
  const schedule = createSchedule(origin, rateCurve(profile, shape), gapOf(profile));

  const follow = (at: number, next: LoadProfile) => {
    profile = next;
    if (state === 'running') schedule.change(at, rateCurve(next, shape), gapOf(next));
  };
  const annotate = (
    title: string,
    text: string,
    tags: string[],
    phase: EventOf<'annotation_posted'>['phase'],
    idOf: (shop: string) => string = () => ids.name('a'),
  ) => {
    stream.announce((shop, time) => ({
      type: 'annotation_posted',
      eventId: ids.eventId(time),
      eventTime: time,
      shop,
      annotationId: idOf(shop),
      title,
      text,
      tags,
      phase,
    }));
  };

  const apply = (at: number, command: Command): void => {
    // After a pause, or a rate of nothing.
    faults.forgetCopies(at);
    switch (command.command) {
      case 'rate':
        follow(at, withRate(profile, command.rate));
        break;
      case 'profile':
        follow(at, command.profile);
        break;
      case 'pause':
        if (state !== 'running') break;
        state = 'paused';
        schedule.change(at, constantRate(0));
        break;
      case 'resume':
        if (state !== 'paused') break;
        state = 'running';
        resumedAt = at;
        follow(at, profile);
        break;
      case 'stop':
        state = 'stopped';
        break;
      case 'shed':
        for (let count = 0; count < command.count; count++) schedule.take();
        shed += command.count;
        break;
      case 'faults':
        shares = command.faults;
        faults.setShares(shares);
        annotate('Faults', describeShares(shares), ['fault'], 'moment');
        break;
      case 'scenario-start': {
        const { title, effect } = SCENARIOS[command.scenario];
        const before = scenarios.get(command.scenario);
        const annotationOf = before?.annotationOf ?? namesByShop(() => ids.name('a'));
        scenarios.set(command.scenario, { begun: at, annotationOf });
        if (before) break;
        annotate(title, effect, ['scenario', command.scenario], 'start', annotationOf);
        stream.beginScenario(command.scenario);
        break;
      }
      case 'scenario-end': {
        const running = scenarios.get(command.scenario);
        if (!running || (command.begun !== undefined && command.begun !== running.begun)) break;
        scenarios.delete(command.scenario);
        const { title } = SCENARIOS[command.scenario];
        // The same annotation: it ends now.
        annotate(title, 'over', ['scenario', command.scenario], 'end', running.annotationOf);
        stream.endScenario(command.scenario);
      }
    }
  };

  /** Events are spaced by the schedule; of visits, only the arrivals are, and the rest follows by itself. */
  const bySessions = () => profile.unit === 'sessions';
  const nextTime = (): number => {
    if (state === 'stopped') return Number.POSITIVE_INFINITY;
    const scheduled = schedule.peek();
    if (!bySessions() || state === 'paused') return scheduled;
    // Whoever waited through a pause goes on when it is over.
    return Math.min(scheduled, Math.max(resumedAt, Math.min(stream.nextTime(), faults.nextCopyTime())));
  };
  const peek = (until = Number.POSITIVE_INFINITY): number => {
    for (;;) {
      const due = nextTime();
      const first = commands[0];
      if (!first || first.at > due || first.at > until) return due;
      commands.shift();
      apply(first.at, first.command);
    }
  };

  return {
    peek,
    take: () => {
      const due = peek();
      const time = Math.floor(due);
      const scheduled = due === schedule.peek();
      if (scheduled) schedule.take();
      if (bySessions() && scheduled) return faults.pass(stream.arrive(time));
      if (faults.nextCopyTime() <= time) return faults.takeCopy();
      return faults.pass(bySessions() ? stream.proceed(time) : stream.next(time));
    },
    get endedVisit() {
      return stream.endedVisit;
    },
    command: (timed) => insertByTime(commands, timed),
    backlog: (time) => {
      const until = Math.min(time, commands[0]?.at ?? time);
      return state === 'running' ? schedule.backlog(until) : 0;
    },
    rateAt: (time) => (state === 'running' ? schedule.rateAt(time) : 0),
    status: () => ({
      state,
      profile,
      faults: shares,
      scenarios: [...scenarios.keys()],
      waiting: stream.waiting,
      shed,
    }),
  };
}

function describeShares(shares: FaultShares): string {
  const parts = Object.entries(shares).filter(([, share]) => share > 0);
  return parts.length === 0
    ? 'none'
    : parts.map(([name, share]) => `${name} ${+(share * 100).toFixed(2)} %`).join(', ');
}

/** A name for each shop, the same whenever it is asked for. */
function namesByShop(create: () => string): (shop: string) => string {
  const names = new Map<string, string>();
  return (shop) => {
    const name = names.get(shop) ?? create();
    names.set(shop, name);
    return name;
  };
}
