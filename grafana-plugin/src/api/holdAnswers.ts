import { canBeHeld, type HeldPart, heldOf, joinHeld } from '@storepulse/contracts/held';
import type { QueryResult } from '@storepulse/contracts/query';
import { defer, of, switchMap } from 'rxjs';
import type { AskQuery, BatchedQuery } from './batchQueries';

/** How much is kept: the panels of some dashboards, and some megabytes of numbers. */
export interface HoldLimits {
  readonly entries: number;
  /** Numbers and times, of all entries together. */
  readonly values: number;
}

/** Lines that are kept, and numbers of all of them: 100 panels of 1,000 points. */
export const HOLD_LIMITS: HoldLimits = { entries: 200, values: 200_000 };

/** Of a range that has moved by more than this share of itself nothing is looked for. */
const MOST_MOVED = 1 / 4;

/** What of an answer was asked anew, for the query inspector. */
export interface AskedAnew {
  /** Buckets that were asked for, and those that are shown. */
  readonly anew: { readonly asked: number; readonly shown: number };
}

interface Entry extends HeldPart {
  readonly key: string;
  /** Where the range that it was asked for began. */
  readonly from: number;
  readonly values: number;
}

/**
 * Asks again only for what has changed: keeps the buckets that the exporter says can be kept, tells it with the next query
 * which these are, and puts what it answers behind them. The exporter looks whether they still hold, so that a late
 * correction, a rebuild or another record of the shop is never missed. What is kept goes with the data source's settings.
 * @param takesHeld whether the exporter takes such queries: earlier ones refuse them
 */
export function holdAnswers(
  ask: AskQuery,
  takesHeld: () => boolean,
  limits: HoldLimits = HOLD_LIMITS,
): AskQuery {
  /** In order of use. */
  let entries: Entry[] = [];

  const find = (key: string, { from, to }: BatchedQuery['range']): Entry | undefined =>
    entries.find((entry) => entry.key === key && Math.abs(entry.from - from) <= (to - from) * MOST_MOVED);

  function keep(key: string, { range }: BatchedQuery, all: QueryResult): void {
    const before = find(key, range);
    entries = entries.filter((entry) => entry !== before);
    const part = heldOf(all);
    if (!part) {
      return;
    }
    entries.push({ ...part, key, from: range.from, values: valuesOf(part.result) });
    let values = entries.reduce((sum, entry) => sum + entry.values, 0);
    while (entries.length > limits.entries || values > limits.values) {
      values -= entries.shift()!.values;
    }
  }

  return (query) =>
    defer(() => {
      if (!takesHeld() || !canBeHeld(query)) {
        return ask(query);
      }
      const key = keyOf(query);
      const entry = find(key, query.range);
      const held = [...(entry?.marks ?? [])];
      return ask({ ...query, held } as BatchedQuery).pipe(
        switchMap((result) => {
          if (!result || result.error) {
            entries = entries.filter((each) => each !== entry);
            return of(result);
          }
          const joined = joinHeld(entry, result, query.range.from);
          // What does not fit together is asked for whole.
          if (!joined) {
            return ask(query);
          }
          keep(key, query, joined.all);
          return of(withAnew(joined.shown, result));
        }),
      );
    });
}

/** A query but for its range: what is held of one time may serve another. */
function keyOf({ range: _range, ...query }: BatchedQuery): string {
  return JSON.stringify(query);
}

const rowsOf = ({ frames }: QueryResult): number => frames[0]?.fields[0]?.values.length ?? 0;

function valuesOf({ frames }: QueryResult): number {
  return frames.flatMap(({ fields }) => fields).reduce((sum, { values }) => sum + values.length, 0);
}

function withAnew(shown: QueryResult, asked: QueryResult): QueryResult {
  const anew: AskedAnew = { anew: { asked: rowsOf(asked), shown: rowsOf(shown) } };
  return { ...shown, meta: { ...shown.meta, ...anew } };
}
