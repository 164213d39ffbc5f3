import type { Ids } from '../random/ids.ts';
import type { Random } from '../random/random.ts';
import { weightedDraw } from '../random/weighted.ts';
import type { Person } from '../world/customers.ts';
import type { ShopWorld } from '../world/shop-world.ts';
import { DEVICES, KNOWN_CUSTOMER_SHARE, RETURNING_VISITOR_SHARE } from './calibration.ts';

/** A browser on a device, with the person behind it once known. */
export interface Visitor {
  readonly visitorId: string;
  readonly device: string;
  readonly country: string;
  customerId: string | null;
}

/** The visitors of a shop. */
export interface VisitorPool {
  /** Who comes now: a customer, someone who was here before, or someone new. */
  arrive(): Visitor;
  /** Gives a visitor an account. */
  register(visitor: Visitor, person: Person): void;
}

/** How many visitors without an account are remembered: enough for days at a shop's rate, and bounded at any. */
const REMEMBERED = 5_000;
/** How many customers are known; new ones then take the places of old ones. */
const CUSTOMERS = 20_000;

const drawDevice = weightedDraw(
  Object.keys(DEVICES) as (keyof typeof DEVICES)[],
  (device) => DEVICES[device],
);

/** Makes the pool of a shop's visitors. */
export function createVisitorPool(world: ShopWorld, random: Random, ids: Ids): VisitorPool {
  const customers = world.people.map(
    (person): Visitor => ({
      visitorId: `v-${person.customerId}`,
      device: drawDevice(random),
      country: person.country ?? world.drawCountry(random),
      customerId: person.customerId,
    }),
  );
  const remembered: Visitor[] = [];

  return {
    arrive: () => {
      if (random.chance(KNOWN_CUSTOMER_SHARE)) return random.pick(customers);
      if (remembered.length > 0 && random.chance(RETURNING_VISITOR_SHARE)) return random.pick(remembered);
      const visitor = {
        visitorId: ids.name('v'),
        device: drawDevice(random),
        country: world.drawCountry(random),
        customerId: null,
      };
      remember(remembered, REMEMBERED, visitor, random);
      return visitor;
    },
    register: (visitor, person) => {
      visitor.customerId = person.customerId;
      remember(customers, CUSTOMERS, visitor, random);
    },
  };
}

function remember(pool: Visitor[], limit: number, visitor: Visitor, random: Random): void {
  if (pool.length < limit) pool.push(visitor);
  else pool[random.integer(0, limit - 1)] = visitor;
}
