import type { SessionState, SessionStep } from '@storepulse/contracts';

/** What a funnel reads of a visit, as stored in `sessions`. */
export type VisitRow = Pick<
  SessionState,
  'firstTime' | 'device' | 'channel' | 'country' | 'steps' | 'settled'
>;

/** Which visits to read: those of a shop that began in a time, epoch ms. */
export interface VisitSelection {
  readonly shop: string;
  /** Inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** The steps whose moments are wanted. */
  readonly steps: readonly SessionStep[];
}
