import { type Static, Type } from 'typebox';

/** What may happen to an event on its way, and what each means. */
export const FAULTS = {
  late: 'its time is one to ten minutes before its turn, beyond the lateness that is waited for',
  out_of_order: 'its time is up to five seconds before its turn',
  clock_skew: 'its time is up to four minutes ahead: the sender’s clock is wrong',
  duplicate: 'it comes again within two minutes',
  malformed: 'a programming mistake makes it unreadable or contradictory',
  poison: 'its form is made to break a careless reader',
  drop: 'it is never sent',
} as const;
/** The name of a fault. */
export type FaultName = keyof typeof FAULTS;
/** All faults' names. */
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

const share = (name: FaultName) =>
  Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: `share of events: ${FAULTS[name]}` }));

/** The share of events that each fault befalls; what is not named is 0. Together at most 1. */
export const FaultShares = Type.Object(
  {
    late: share('late'),
    out_of_order: share('out_of_order'),
    clock_skew: share('clock_skew'),
    duplicate: share('duplicate'),
    malformed: share('malformed'),
    poison: share('poison'),
    drop: share('drop'),
  },
  { additionalProperties: false, description: 'share of events that each fault befalls' },
);
/** The share of events that each fault befalls. */
export type FaultShares = Static<typeof FaultShares>;

/** The sum of all shares, which must not exceed 1. */
export function totalShare(shares: FaultShares): number {
  return FAULT_NAMES.reduce((sum, name) => sum + (shares[name] ?? 0), 0);
}
