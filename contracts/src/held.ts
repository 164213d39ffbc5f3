import type { AnyQuery, Frame, FrameField, HeldMark, QueryResult } from './query.ts';

/** A query without its name among those of a request. */
type Named = 'refId' | 'shop' | 'filters';
/** What tells whether the answer to a query can be held. */
export type Holdable = Partial<Omit<Extract<AnyQuery, { metric: unknown }>, Named | 'metric' | 'type'>> & {
  readonly type?: AnyQuery['type'];
  readonly shop: string | readonly string[];
  readonly metric?: string | readonly string[];
};

/**
 * **The rule of what can be held**: figures that each depend on the time of their own bucket alone. That is one line over time
 * of one metric of one shop. Everything else depends on the whole range, and is asked whole: groups are ranked by it and the rest
 * is `other`, shares and running totals are of it, a comparison moves with it, a rate is that of its last day, and a table, a heat map
 * and a lifetime are one figure of it. The exporter adds what only it knows: figures over windows, none of them an estimate.
 */
export function canBeHeld(query: Holdable): boolean {
  const { type = 'metric', format = 'time_series', interval, shop, metric } = query;
  return (
    [type === 'metric', format === 'time_series', interval !== 'all'].every(Boolean) &&
    [typeof shop, typeof metric].every((kind) => kind === 'string') &&
    [query.groupBy ?? []].flat().length === 0 &&
    query.compareTo === undefined &&
    query.currency === undefined &&
    !query.cumulative &&
    !query.share
  );
}

/** A part of an answer that is kept. */
export interface HeldPart {
  /** The parts that the exporter can tell to be unchanged, the longest among them. */
  readonly marks: readonly HeldMark[];
  /** The answer, with the buckets up to the end of the longest. */
  readonly result: QueryResult;
}

/** What there is to keep of an answer; undefined: nothing. */
export function heldOf(result: QueryResult): HeldPart | undefined {
  const { held = [] } = result.meta;
  const [frame] = result.frames;
  if (held.length === 0 || !frame || result.frames.length > 1) return undefined;
  const until = Math.max(...held.map((mark) => mark.until));
  return { marks: held, result: { ...result, frames: [sliced(frame, (time) => time < until)] } };
}

/** An answer put together. */
export interface JoinedAnswer {
  /** With all that is held, for the next time: it may begin before the range. */
  readonly all: QueryResult;
  /** With the buckets that overlap the range: what a query that holds nothing is answered. */
  readonly shown: QueryResult;
}

/**
 * Puts what is held and what was asked anew together.
 * @param asked the answer to a query that told `held`
 * @param from where the range begins, epoch ms
 * @returns undefined where they do not fit: ask the whole
 */
export function joinHeld(
  held: HeldPart | undefined,
  asked: QueryResult,
  from: number,
): JoinedAnswer | undefined {
  const { answeredFrom } = asked.meta;
  if (answeredFrom === undefined) return { all: asked, shown: asked };
  const [before] = held?.result.frames ?? [];
  const [after] = asked.frames;
  if (!before || !after || !haveSameFields(before, after)) return undefined;
  const frame = joined(
    sliced(before, (time) => time < answeredFrom),
    after,
  );
  const times = timesOf(frame);
  // The last bucket that begins by then is the first one of the range.
  const first = times[Math.max(0, times.filter((time) => time <= from).length - 1)] ?? 0;
  return {
    all: { ...asked, frames: [frame] },
    shown: { ...asked, frames: [sliced(frame, (time) => time >= first)] },
  };
}

const timesOf = ({ fields }: Frame): readonly number[] =>
  (fields.find(({ type }) => type === 'time')?.values ?? []) as number[];

function haveSameFields(a: Frame, b: Frame): boolean {
  const namesOf = ({ fields }: Frame) => fields.map(({ name, type }) => `${type} ${name}`).join('|');
  return namesOf(a) === namesOf(b);
}

/** The rows of a frame whose time fits, with what its `custom` lists by row. */
function sliced(frame: Frame, isIn: (time: number) => boolean): Frame {
  const times = timesOf(frame);
  const rows = <T>(values: readonly T[]): T[] => values.filter((_, row) => isIn(times[row]!));
  return withRows(
    frame,
    (field) => rows(field.values),
    (list) => rows(list),
  );
}

function joined(before: Frame, after: Frame): Frame {
  const listsBefore = listsOf(before);
  return withRows(
    after,
    (field, n) => [...before.fields[n]!.values, ...field.values],
    (list, name) => [...(listsBefore[name] ?? []), ...list],
  );
}

/** The lists of a frame's `custom` that have an entry for each row: the two sides of a ratio. */
const LISTS = ['numerator', 'denominator'] as const;
type Lists = Partial<Record<(typeof LISTS)[number], unknown[]>>;
const listsOf = ({ meta }: Frame): Lists => (meta?.custom ?? {}) as Lists;

function withRows(
  frame: Frame,
  valuesOf: (field: FrameField, n: number) => FrameField['values'],
  listOf: (list: unknown[], name: (typeof LISTS)[number]) => unknown[],
): Frame {
  const lists = listsOf(frame);
  const changed = Object.fromEntries(
    LISTS.flatMap((name) => (lists[name] ? [[name, listOf(lists[name], name)]] : [])),
  );
  return {
    ...frame,
    fields: frame.fields.map((field, n) => ({ ...field, values: valuesOf(field, n) })),
    ...(frame.meta
      ? { meta: { ...frame.meta, custom: { ...(frame.meta.custom as object), ...changed } } }
      : {}),
  };
}
