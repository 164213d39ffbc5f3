import type { Clock } from '../support/clock.ts';
import type { TestCluster } from '../support/cluster.ts';
import type { Servers, TestServers } from '../support/servers.ts';

/** A row of the matrix: one kind of fault, how often it is repeated, and what must hold. */
export interface Row {
  /** Its number in the matrix. */
  readonly id: string;
  /** The fault in words. */
  readonly what: string;
  /** What must hold, in words. */
  readonly figure: string;
  /** Repeats of the whole matrix. */
  readonly repeats: number;
  /** Repeats within `npm test`; 0: the row takes too long, or measures, and is left to the whole matrix. */
  readonly small: number;
  /** Lets the fault happen so many times. */
  run(context: RowContext): Promise<Outcome>;
}

/** What a row works with. */
export interface RowContext {
  /** Begins the names of the row's pipelines. */
  readonly name: string;
  /** Servers to work on, which the row must leave alone; they start at the first call. */
  servers(): Promise<Servers>;
  /** Servers that the row may stop and kill; they start at the first call. */
  ownServers(): Promise<TestServers>;
  /** Judges how long things take. */
  readonly clock: Clock;
  /** A cluster, whose nodes the row may stop and kill; it starts at the first call. */
  cluster(): Promise<TestCluster>;
  readonly repeats: number;
  /** Told of each repeat that has ended, and why it failed, if it did. */
  onRepeat(failure?: string): void;
}

/** What came of a row's repeats. */
export interface Outcome {
  readonly repeats: number;
  /** Repeats that went as they must. */
  readonly passed: number;
  /** The longest time from a fault's end to the first new result, ms; undefined where nothing has to recover. */
  readonly worstRecoveryMs?: number;
  /** Cells that show less than they must at the end. */
  readonly lost: number;
  /** Cells that show more than they must at the end. */
  readonly double: number;
  /** Further figures of the row. */
  readonly figures: Readonly<Record<string, number>>;
  /** What went wrong, in words; empty when the row holds. */
  readonly failures: readonly string[];
}

/** Whether all that a row asks for holds. */
export const holds = ({ repeats, passed, lost, double, failures }: Outcome): boolean =>
  passed === repeats && lost === 0 && double === 0 && failures.length === 0;
