import type { StoreEvent } from '@storepulse/contracts';
import TinyQueue from 'tinyqueue';
import { createBotVisit } from '../behaviour/bot.ts';
import { BOT_SHARE } from '../behaviour/calibration.ts';
import type { Actor, EventMaker, Stage } from '../behaviour/stage.ts';
import { createVisit } from '../behaviour/visit.ts';
import { createVisitorPool } from '../behaviour/visitors.ts';
import { createDayShape, type DayShape } from '../load/day-shape.ts';
import type { Ids } from '../random/ids.ts';
import { createRandom, type Random } from '../random/random.ts';
import { beginInCatalogue, endInCatalogue } from '../scenarios/catalogue-effects.ts';
import type { ScenarioName } from '../scenarios/scenarios.ts';
import { productEvent, type ShopWorld } from '../world/shop-world.ts';

/** The traffic of some shops as one stream of events. Times never go back from call to call. */
export interface TrafficStream {
  /**
   * The next event, which happens at `due` (epoch ms): what follows from the last one, else what someone in the
   * shops was about to do by then, else someone new arrives. The same seed and times give the same events.
   */
  next(due: number): StoreEvent;
  /** Someone new arrives at `due`. */
  arrive(due: number): StoreEvent;
  /** Someone already there acts at `due`, which is `nextTime()` or later. */
  proceed(due: number): StoreEvent;
  /** When the next event of those already there is due, epoch ms; Infinity when nobody is there. */
  nextTime(): number;
  /** Something is to be told before anything else happens, in every shop. */
  announce(make: (shop: string, time: number) => StoreEvent): void;
  beginScenario(scenario: ScenarioName): void;
  endScenario(scenario: ScenarioName): void;
  /** The visit that ended with the last event; null when none did. */
  readonly endedVisit: string | null;
  /** Visits under way and things that will happen later. */
  readonly waiting: number;
}

/** What a stream is made of. */
export interface TrafficOptions {
  readonly seed: string;
  readonly worlds: readonly ShopWorld[];
  readonly ids: Ids;
  /** When the traffic begins, epoch ms. */
  readonly origin: number;
}

/** A visitor who found no time slot for so long (ms) has gone: after a pause, visits begin anew. */
const GONE_AFTER = 20 * 60_000;
/** Above so much that is to happen after visits, nothing is planned for more than an hour ahead: bounded memory. */
const MAX_LATER = 50_000;
const HOUR = 3_600_000;

interface Waiting {
  /** When it wants to happen. */
  readonly at: number;
  /** Who came first among those of one moment. */
  readonly turn: number;
  readonly actor: Actor;
  readonly patient: boolean;
}

/** Opens the stream. */
export function createTrafficStream({ seed, worlds, ids, origin }: TrafficOptions): TrafficStream {
  const random = createRandom(`${seed}|traffic`);
  const waiting = new TinyQueue<Waiting>([], (a, b) => a.at - b.at || a.turn - b.turn);
  const following: EventMaker[] = [];
  const active = new Set<ScenarioName>();
  let turn = 0;
  /** Things to happen after visits, such as returns. */
  let planned = 0;
  let now = origin;
  let endedVisit: string | null = null;

  const wait = (actor: Actor, at: number, patient: boolean) => {
    turn += 1;
    waiting.push({ at, turn, actor, patient });
  };
  const later = (delay: number, make: EventMaker) => {
    if (delay > HOUR && planned > MAX_LATER) return;
    planned += 1;
    wait({ act: (time) => ({ event: make(time), wait: null }) }, Math.ceil(now + delay), true);
  };
  const stages = worlds.map((world): Stage => {
    const visitors = createVisitorPool({ world, origin, random, ids });
    return { world, random, ids, active, visitors, later, follow: (make) => following.push(make) };
  });
  const drawStage = stageDraw(stages, random);

  const act = (actor: Actor, patient: boolean): StoreEvent => {
    if (patient) planned -= 1;
    const { event, wait: delay } = actor.act(now);
    if (delay !== null) wait(actor, now + delay, patient);
    else if ('sessionId' in event) endedVisit = event.sessionId;
    return event;
  };
  const arrive = (due: number): StoreEvent => {
    now = due;
    endedVisit = null;
    const stage = drawStage(due);
    const isBot = active.has('bot-traffic') && random.chance(BOT_SHARE);
    return act(isBot ? createBotVisit(stage) : createVisit(stage, due), false);
  };

  return {
    arrive,
    next: (due) => {
      now = due;
      endedVisit = null;
      const follower = following.shift();
      if (follower) return follower(due);
      while (waiting.length > 0 && waiting.peek()!.at <= due) {
        const { at, actor, patient } = waiting.pop()!;
        if (patient || due - at <= GONE_AFTER) return act(actor, patient);
      }
      return arrive(due);
    },
    proceed: (due) => {
      now = due;
      endedVisit = null;
      const follower = following.shift();
      if (follower) return follower(due);
      const { actor, patient } = waiting.pop()!;
      return act(actor, patient);
    },
    nextTime: () => (following.length > 0 ? now : (waiting.peek()?.at ?? Number.POSITIVE_INFINITY)),
    announce: (make) => {
      for (const { world } of stages) following.push((time) => make(world.shop, time));
    },
    beginScenario: (scenario) => {
      active.add(scenario);
      for (const { world } of stages) {
        for (const product of beginInCatalogue(scenario, world)) {
          following.push((time) => productEvent(world.shop, product, time, ids));
        }
      }
    },
    endScenario: (scenario) => {
      active.delete(scenario);
      for (const { world } of stages) {
        for (const product of endInCatalogue(scenario, world)) {
          following.push((time) => productEvent(world.shop, product, time, ids));
        }
      }
    },
    get endedVisit() {
      return endedVisit;
    },
    get waiting() {
      return waiting.length;
    },
  };
}

/** Draws the shop that someone comes to, the busier ones of that hour more often. */
function stageDraw(stages: readonly Stage[], random: Random): (time: number) => Stage {
  if (stages.length === 1) return () => stages[0]!;
  const shapes: readonly DayShape[] = stages.map(({ world }) =>
    createDayShape(world.market.week, world.market.timeZone),
  );
  return (time) => {
    const factors = shapes.map((shape) => shape.factor(time));
    let point = random.next() * factors.reduce((sum, factor) => sum + factor, 0);
    const index = factors.findIndex((factor) => {
      point -= factor;
      return point < 0;
    });
    return stages.at(index)!;
  };
}
