import PQueue from 'p-queue';
import { ExporterError } from '../errors.ts';

/** Decides which queries are answered when. */
export interface Admission {
  /**
   * Runs a query once there is room for it. Small ones have places of their own; of the others the smallest comes first.
   * @param cost see `costOf`
   * @param signal aborted: it waits no more
   * @throws {ExporterError} `overloaded` when too many wait already; why the signal is aborted
   */
  admit<T>(cost: number, signal: AbortSignal, run: () => Promise<T>): Promise<T>;
  /** Queries that are being answered, and that wait, by size. */
  status(): Readonly<Record<QuerySize, { readonly running: number; readonly waiting: number }>>;
}

/** How a query is admitted. */
export type QuerySize = 'small' | 'large';

/** Queries up to this cost are small: a dashboard's usual ones are, and those of seconds of computing are not. */
export const SMALL_COST = 4_000;
/** Queries that are answered at the same time. Reading one overlaps with computing another. */
const PLACES: Readonly<Record<QuerySize, number>> = { small: 12, large: 3 };
/** Queries of one size that may wait. */
const MOST_WAITING = 200;

/** Builds the admission; a process has one. */
export function createAdmission(): Admission {
  const lanes = {
    small: new PQueue({ concurrency: PLACES.small }),
    large: new PQueue({ concurrency: PLACES.large }),
  };
  const statusOf = ({ pending, size }: PQueue) => ({ running: pending, waiting: size });
  return {
    admit: async (cost, signal, run) => {
      const lane = lanes[cost <= SMALL_COST ? 'small' : 'large'];
      if (lane.size >= MOST_WAITING)
        throw new ExporterError(
          'overloaded',
          `${lane.size} queries wait to be answered already: try again in a moment`,
        );
      return lane.add(run, { priority: -cost, signal });
    },
    status: () => ({ small: statusOf(lanes.small), large: statusOf(lanes.large) }),
  };
}
