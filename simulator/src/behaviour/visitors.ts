import type { Ids } from '../random/ids.ts';
import type { Random } from '../random/random.ts';
import { weightedDraw } from '../random/weighted.ts';
import type { Person } from '../world/customers.ts';
import type { ShopWorld } from '../world/shop-world.ts';
import { DEVICES, KNOWN_CUSTOMER_SHARE, RETURNING_VISITOR_SHARE } from './calibration.ts';
import { createRepeatBuyers } from './repeat-buyers.ts';

/** A browser on a device, with the person behind it once known. */
export interface Visitor {
  readonly visitorId: string;
  readonly device: string;
  readonly country: string;
  person: Person | null;
}

/** The visitors of a shop. */
export interface VisitorPool {
  /** Who comes at `time` (epoch ms): a customer, someone who was here before, or someone new. */
  arrive(time: number): Visitor;
  /** The person that an unknown visitor turns out to be at the checkout; undefined when they are new. */
  recognise(time: number): Person | undefined;
  /** Someone has ordered. */
  ordered(visitor: Visitor, time: number): void;
}

/** How many visitors without an account are remembered: enough for days at a shop's rate, and bounded at any. */
const REMEMBERED = 5_000;

const drawDevice = weightedDraw(
  Object.keys(DEVICES) as (keyof typeof DEVICES)[],
  (device) => DEVICES[device],
);

/** Makes the pool of a shop's visitors as it is at `origin` (epoch ms). */
export function createVisitorPool(parts: {
  world: ShopWorld;
  origin: number;
  random: Random;
  ids: Ids;
}): VisitorPool {
  const { world, origin, random, ids } = parts;
  const customers = world.people.map(
    (person): Visitor => ({
      visitorId: `v-${person.customerId}`,
      device: drawDevice(random),
      country: person.country ?? world.drawCountry(random),
      person,
    }),
  );
  const repeatBuyers = createRepeatBuyers(customers, origin, random);
  const remembered: Visitor[] = [];

  return {
    arrive: (time) => {
      const known = random.chance(KNOWN_CUSTOMER_SHARE) ? repeatBuyers.ready(time) : undefined;
      if (known) return known;
      if (remembered.length > 0 && random.chance(RETURNING_VISITOR_SHARE)) return random.pick(remembered);
      const visitor: Visitor = {
        visitorId: ids.name('v'),
        device: drawDevice(random),
        country: world.drawCountry(random),
        person: null,
      };
      if (remembered.length < REMEMBERED) remembered.push(visitor);
      else remembered[random.integer(0, REMEMBERED - 1)] = visitor;
      return visitor;
    },
    recognise: (time) => repeatBuyers.ready(time)?.person ?? undefined,
    ordered: (visitor, time) => {
      if (visitor.person) repeatBuyers.ordered(visitor, time);
    },
  };
}
