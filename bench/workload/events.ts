import { partitionOf } from '@storepulse/contracts';
import { createRandom } from '@storepulse/simulator/random/random';
import { type ItemSold, VALUES } from './query.ts';

/** What the events of one seed are made like. */
export interface EventOptions {
  /** Event time of the first, epoch ms. */
  readonly begin: number;
  /** Event time from one event to the next. @default 1 */
  readonly stepMs?: number;
  /** Partitions of the topic; a lane is what lies in one. */
  readonly partitions: number;
  /** Shops that take turns. @default 1 */
  readonly shops?: number;
}

/** Events are up to this much out of order … */
const DISORDER_MS = 2_000;
/** … and this share of them between the two times late. */
const LATE_SHARE = 0.01;
const LATE_MS = [5_001, 60_000] as const;
const VISITORS = 100_000;

/** The name of the nth shop. */
export const shopName = (n: number) => `bench-${n}`;

/** Makes the nth event of a seeded stream, to be called with n = 0, 1, 2, … */
export function createEvents(seed: string, options: EventOptions): (n: number) => ItemSold {
  const { begin, stepMs = 1, partitions, shops = 1 } = options;
  const random = createRandom(seed);
  const value = (dimension: keyof typeof VALUES) =>
    `${dimension}-${Math.floor(random.next() * VALUES[dimension])}`;
  const hex = () =>
    Math.floor(random.next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');

  return (n) => {
    const late = random.chance(LATE_SHARE) ? random.integer(...LATE_MS) : 0;
    const shop = shopName(n % shops);
    const visitorId = `visitor-${random.integer(0, VISITORS - 1)}`;
    return {
      type: 'item_sold',
      eventId: `${hex()}-${hex()}-${hex()}-${hex()}`,
      eventTime: begin + n * stepMs + random.integer(-DISORDER_MS, DISORDER_MS) - late,
      shop,
      visitorId,
      sessionId: null,
      customerId: null,
      country: value('country'),
      device: value('device'),
      channel: value('channel'),
      category: value('category'),
      quantity: random.integer(1, 5),
      unitPrice: random.integer(100, 9_999),
      index: n,
      lane: `lane-${partitionOf(`${shop}|${visitorId}`, partitions)}`,
    };
  };
}
