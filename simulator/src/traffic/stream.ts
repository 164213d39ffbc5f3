import type { StoreEvent } from '@storepulse/contracts';
import TinyQueue from 'tinyqueue';
import type { Actor, EventMaker, Stage } from '../behaviour/stage.ts';
import { createVisit } from '../behaviour/visit.ts';
import { createVisitorPool } from '../behaviour/visitors.ts';
import { createIds, type Ids } from '../random/ids.ts';
import { createRandom } from '../random/random.ts';
import type { ShopWorld } from '../world/shop-world.ts';

/** The traffic of some shops as one stream of events. */
export interface TrafficStream {
  /**
   * The next event, which happens at `due` (epoch ms; never less than at the call before): someone in the shops
   * does what is due by then, else someone new arrives. The same seed and the same times give the same events.
   */
  next(due: number): StoreEvent;
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
  let turn = 0;
  let now = 0;

  const wait = (actor: Actor, at: number, patient: boolean) => {
    turn += 1;
    waiting.push({ at, turn, actor, patient });
  };
  const stages = worlds.map(
    (world): Stage => ({
      world,
      random,
      ids,
      visitors: createVisitorPool({ world, origin, random, ids }),
      follow: (make) => following.push(make),
      later: (delay, make) => wait({ act: (time) => ({ event: make(time), wait: null }) }, now + delay, true),
    }),
  );
  const act = (actor: Actor, patient: boolean): StoreEvent => {
    const { event, wait: delay } = actor.act(now);
    if (delay !== null) wait(actor, now + delay, patient);
    return event;
  };

  return {
    next: (due) => {
      now = due;
      const follower = following.shift();
      if (follower) return follower(due);
      while (waiting.length > 0 && waiting.peek()!.at <= due) {
        const { at, actor, patient } = waiting.pop()!;
        if (patient || due - at <= GONE_AFTER) return act(actor, patient);
      }
      return act(createVisit(random.pick(stages), due), false);
    },
    get waiting() {
      return waiting.length;
    },
  };
}

/** Tells runs apart: the same seed and start make the same names, any other seed or start makes others. */
export function runName(seed: string, origin: number): string {
  const random = createRandom(`${seed}|${origin}|run`);
  return Math.floor(random.next() * 36 ** 6)
    .toString(36)
    .padStart(6, '0');
}

/** The names and event ids of a run. */
export function createRunIds(seed: string, origin: number): Ids {
  return createIds(createRandom(`${seed}|${origin}|ids`), runName(seed, origin));
}
