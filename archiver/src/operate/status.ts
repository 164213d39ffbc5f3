import type { WorkerStatus } from '@storepulse/http';
import type { ArriveStage } from '../arrive/stage.ts';
import { seamAgeOf } from './telemetry.ts';

/** What an archiver says of itself at `/-/started` and `/-/ready`. */
export interface ArchiverStatus extends WorkerStatus {
  /** Every partition that it was assigned is claimed. */
  readonly started: boolean;
  /** It is started, and brings what comes into the lake. */
  readonly ready: boolean;
  readonly tasks: number;
  readonly lag: { readonly records: number };
  /** Seconds; null while it is not known. */
  readonly seamAge: number | null;
}

/** An archiver that has not come to its work yet. */
export const STARTING: ArchiverStatus = {
  ...{
    started: false,
    ready: false,
    reasons: ['it is starting'],
    tasks: 0,
    lag: { records: 0 },
    seamAge: null,
  },
};

/** Intervals of flushing after which the lake should have gone on. */
const PATIENCE = 4;

/** Judges the stage. @param now epoch ms */
export function judge(stage: ArriveStage, flushMs: number, now: number): ArchiverStatus {
  const { assigned, wanted, tasks, complaints } = stage.status();
  const seamAge = seamAgeOf(tasks, now) ?? null;
  const unclaimed = assigned
    ? tasks.length < wanted
      ? [`${tasks.length} of ${wanted} partitions are claimed`]
      : []
    : ['it waits for its partitions'];
  const standby = assigned && wanted === 0 ? ['it owns no partition: others own all of them'] : [];
  const isOld = seamAge !== null && seamAge * 1_000 > PATIENCE * flushMs;
  const old = isOld ? [`the lake ends ${Math.round(seamAge)} s ago`] : [];
  const reasons = [...unclaimed, ...standby, ...old, ...complaints];
  return {
    started: unclaimed.length === 0,
    ready: reasons.length === 0,
    reasons,
    tasks: tasks.length,
    lag: { records: tasks.reduce((sum, { lag }) => sum + lag, 0) },
    seamAge,
  };
}
