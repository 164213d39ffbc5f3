import { ExporterError } from '../errors.ts';

/** Sums by group, bucket and metric, filled by runs of buckets. */
export interface FactTable {
  /** Adds one value per metric to each bucket of a run: `from` inclusive, `to` exclusive. */
  add(group: string, from: number, to: number, values: readonly number[]): void;
  /** By group: for each bucket one value per metric. Called once, after the last `add`. */
  sums(): Map<string, number[][]>;
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
    sums: () =>
      new Map(
        [...changes].map(([group, own]) => {
          const running = new Array<number>(metrics).fill(0);
          const rows = Array.from({ length: buckets }, (_, bucket) =>
            running.map((sum, metric) => {
              running[metric] = sum + own[metric * width + bucket]!;
              return running[metric];
            }),
          );
          return [group, rows];
        }),
      ),
  };
}
