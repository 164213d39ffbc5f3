import { ExporterError } from '../errors.ts';
import type { Steps } from '../work/pacer.ts';

/** Buckets between two places to rest. */
const BUCKETS_PER_STEP = 256;

/** Sums by group, bucket and metric, filled by runs of buckets. */
export interface FactTable {
  /** Adds one value per metric to each bucket of a run: `from` inclusive, `to` exclusive. */
  add(group: string, from: number, to: number, values: readonly number[]): void;
  /** By group: for each bucket one value per metric. Called once, after the last `add`. */
  sums(): Steps<Map<string, number[][]>>;
}

/**
 * Builds an empty table. A run costs the same whatever its length: only changes from bucket to bucket are noted,
 * and added up in the end.
 * @param maxCells how many groups × buckets it may come to
 */
export function createFactTable(buckets: number, metrics: number, maxCells: number): FactTable {
  const width = buckets + 1;
  const changes = new Map<string, Float64Array>();

  const changesOf = (group: string): Float64Array => {
    const known = changes.get(group);
    if (known) return known;
    if ((changes.size + 1) * buckets > maxCells) {
      throw new ExporterError(
        'too_many_points',
        `more than ${changes.size} groups × ${buckets} buckets are more than ${maxCells} points: ` +
          'choose a longer interval or a shorter range',
      );
    }
    const empty = new Float64Array(width * metrics);
    changes.set(group, empty);
    return empty;
  };

  return {
    add: (group, from, to, values) => {
      const own = changesOf(group);
      for (let metric = 0; metric < metrics; metric++) {
        own[metric * width + from]! += values[metric]!;
        own[metric * width + to]! -= values[metric]!;
      }
    },
    sums: function* () {
      const all = new Map<string, number[][]>();
      for (const [group, own] of changes) {
        const running = new Array<number>(metrics).fill(0);
        const rows: number[][] = [];
        for (let bucket = 0; bucket < buckets; bucket++) {
          for (let metric = 0; metric < metrics; metric++) running[metric]! += own[metric * width + bucket]!;
          rows.push([...running]);
          if (bucket % BUCKETS_PER_STEP === 0) yield;
        }
        all.set(group, rows);
      }
      return all;
    },
  };
}
