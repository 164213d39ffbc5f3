import TinyQueue from 'tinyqueue';
import type { Random } from '../random/random.ts';
import { REPEAT_SHARE, REPEAT_WAIT } from './calibration.ts';
import type { Visitor } from './visitors.ts';

/** Customers who will buy again, and when they are ready to. */
export interface RepeatBuyers {
  /** A customer has ordered: many will again, after the usual time. */
  ordered(visitor: Visitor, time: number): void;
  /** Who is ready to buy again at `time`, longest first; they stay ready until they order. */
  ready(time: number): Visitor | undefined;
}

/** Of the customers who were there before, only these may come back: a young shop's new ones soon outnumber them. Chosen. */
const OLD_CUSTOMER_SHARE = 0.1;
/** How many are waited for at most; enough for weeks of a shop's orders, and bounded at any rate. */
const MAX_WAITING = 50_000;

/**
 * Makes the list. Buyers at a checkout are ready ones first and new customers else, so that the share of customers
 * who order again and the time between their orders are those of the calibration, at any rate.
 * @param customers who has an account and has bought before `origin` (epoch ms)
 */
export function createRepeatBuyers(
  customers: readonly Visitor[],
  origin: number,
  random: Random,
): RepeatBuyers {
  const waiting = new TinyQueue<{ at: number; visitor: Visitor }>([], (a, b) => a.at - b.at);
  /** By customer id, in the order of their turns; one person may come by several devices. */
  const ready = new Map<string, Visitor>();

  const expect = (visitor: Visitor, at: number) => {
    if (random.chance(REPEAT_SHARE) && waiting.length < MAX_WAITING) waiting.push({ at, visitor });
  };
  const wait = () => random.logNormal(REPEAT_WAIT.median, REPEAT_WAIT.sigma);
  for (const visitor of customers) {
    if (random.chance(OLD_CUSTOMER_SHARE)) expect(visitor, origin + wait());
  }

  return {
    ordered: (visitor, time) => {
      ready.delete(visitor.person!.customerId);
      expect(visitor, time + wait());
    },
    ready: (time) => {
      while (waiting.length > 0 && waiting.peek()!.at <= time) {
        const { visitor } = waiting.pop()!;
        ready.set(visitor.person!.customerId, visitor);
      }
      const [id, first] = ready.entries().next().value ?? [];
      if (id === undefined || first === undefined) return undefined;
      // Whoever comes now goes to the end of the line, in case nothing is bought.
      ready.delete(id);
      ready.set(id, first);
      return first;
    },
  };
}
