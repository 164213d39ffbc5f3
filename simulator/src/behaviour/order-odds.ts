import type { Random } from '../random/random.ts';
import type { ActiveScenarios } from '../scenarios/scenarios.ts';
import {
  CANCELLED_REFUNDED_SHARE,
  CANCELLED_REFUNDED_WITHIN,
  CANCELLED_SHARE,
  CANCELLED_WITHIN,
  EARLY_RETURN_SHARE,
  EARLY_RETURN_WITHIN,
  EDITED_SHARE,
  EDITED_WITHIN,
  GOODWILL_SHARE,
  LATE_RETURN_WAIT,
  RETURN_SHARE,
} from './calibration.ts';

/** How likely it is that an order changes after it was placed, and how soon that happens (ms). */
export interface OrderOdds {
  readonly cancelled: number;
  readonly cancelledRefunded: number;
  readonly edited: number;
  /** Of each line. */
  readonly returned: number;
  readonly goodwill: number;
  cancelWait(random: Random): number;
  /** From the cancellation on. */
  cancelRefundWait(random: Random): number;
  editWait(random: Random): number;
  returnWait(random: Random): number;
}

const within = (longest: number) => (random: Random) => random.next() * longest;

const USUAL: OrderOdds = {
  cancelled: CANCELLED_SHARE,
  cancelledRefunded: CANCELLED_REFUNDED_SHARE,
  edited: EDITED_SHARE,
  returned: RETURN_SHARE,
  goodwill: GOODWILL_SHARE,
  cancelWait: within(CANCELLED_WITHIN),
  cancelRefundWait: within(CANCELLED_REFUNDED_WITHIN),
  editWait: within(EDITED_WITHIN),
  returnWait: (random) =>
    random.chance(EARLY_RETURN_SHARE)
      ? random.next() * EARLY_RETURN_WITHIN
      : random.logNormal(LATE_RETURN_WAIT.median, LATE_RETURN_WAIT.sigma),
};

/** How long a change of an order takes at most in an order rush. */
const RUSH_WAIT = 20_000;
/** In an order rush; chosen so that a few hundred orders show everything. */
const RUSH: OrderOdds = {
  cancelled: 0.1,
  cancelledRefunded: 0.5,
  edited: 0.2,
  returned: 0.3,
  goodwill: 0.1,
  cancelWait: within(RUSH_WAIT),
  cancelRefundWait: within(RUSH_WAIT),
  editWait: within(RUSH_WAIT),
  returnWait: within(RUSH_WAIT),
};

/** The odds that hold while some scenarios go on. */
export function orderOdds(active: ActiveScenarios): OrderOdds {
  return active.has('order-rush') ? RUSH : USUAL;
}
