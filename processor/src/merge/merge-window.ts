import {
  type Aggregator,
  type MeasureState,
  type MetricDocument,
  type MetricRecord,
  type PartialDocument,
  parseWindowId,
  type Stored,
  type StoredCell,
  type StoredCells,
  unescapeField,
  type WindowRef,
  windowEnd,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { decodeCells, encodeCells, mergeCell, type PartialState } from '../aggregate/partials.ts';
import type { GroupPlan } from '../aggregate/plan.ts';
import { getOrCreate } from '../get-or-create.ts';

/** What is already stored of a window. */
export type StoredWindow = Pick<MetricDocument, '_id' | 'version' | 'final' | 'revision' | 'expireAt'>;

/**
 * Merges all tasks' partials of one window into its document: a pure function, so repeating it is harmless.
 * @param watermark the shop's, or null while unknown
 */
export function mergeWindow(options: {
  window: string;
  partials: readonly Pick<PartialDocument, 'seq' | 'cells' | 'further' | 'expireAt'>[];
  stored: StoredWindow | undefined;
  group: GroupPlan;
  calendar: ZoneCalendar;
  watermark: number | null;
  latenessMs: number;
  now: number;
}): MetricDocument {
  const { window, partials, stored, group, calendar, watermark, latenessMs, now } = options;
  const ref: WindowRef = parseWindowId(window);
  const end = windowEnd(ref.resolution, ref.start, calendar);
  const version = partials.reduce((sum, { seq }) => sum + seq, 0);
  const wasFinal = stored?.final ?? false;
  const changed = version > (stored?.version ?? 0);
  const expireAt = partials.find((partial) => partial.expireAt)?.expireAt;
  const spread = [...new Set(partials.flatMap(({ further = {} }) => Object.keys(further)))].sort();
  return {
    _id: window,
    shop: ref.shop,
    group: ref.group,
    part: ref.part,
    resolution: ref.resolution,
    bucket: ref.bucket,
    start: new Date(ref.start),
    end: end === null ? null : new Date(end),
    cells: mergeCells(
      partials.map(({ cells }) => cells),
      group,
      ref,
    ),
    ...(spread.length > 0 ? { spread } : {}),
    version,
    final: wasFinal || (end !== null && watermark !== null && watermark >= end + latenessMs),
    revision: (stored?.revision ?? 0) + (wasFinal && changed ? 1 : 0),
    updatedAt: new Date(now),
    ...(expireAt ? { expireAt } : {}),
  };
}

function mergeCells(all: readonly StoredCells[], group: GroupPlan, ref: WindowRef): StoredCells {
  const [first, ...rest] = all;
  if (!first) return {};
  if (group.metrics.every(({ field, name }) => field === name))
    return rest.length === 0 ? first : addStored(all, group);
  const merged: PartialState = decodeCells(group, first);
  for (const cells of rest) {
    for (const [dimension, values] of decodeCells(group, cells)) {
      const into = getOrCreate(merged, dimension, () => new Map());
      for (const [value, cell] of values) {
        const present = into.get(value);
        if (present) mergeCell(group, present, cell);
        else into.set(value, cell);
      }
    }
  }
  return encodeCells(asShown(group, ref), merged);
}

/** A sketch of several tasks while they are added up. */
interface Sum {
  readonly aggregator: Aggregator<MeasureState>;
  state: MeasureState;
}

/** By the cell that they are of, and the metric. */
type Sums = Map<Record<string, Stored>, Map<string, Sum>>;

/**
 * Adds cells up as they are stored. Of a window, most sketches are of one task alone: these are passed on without being read.
 * One of hundreds of tasks is read and written once. Metrics that the group has no more are left out.
 */
function addStored(all: readonly StoredCells[], group: GroupPlan): StoredCells {
  const merged: Record<string, Record<string, Record<string, Stored>>> = {};
  const sums: Sums = new Map();
  for (const cells of all) {
    for (const dimension in cells) {
      const into = ownOf(merged, dimension);
      const values = cells[dimension]!;
      for (const value in values) addCell(ownOf(into, value), values[value]!, group.aggregatorOf, sums);
    }
  }
  for (const [into, ofCell] of sums) {
    for (const [name, { aggregator, state }] of ofCell) into[name] = aggregator.encode(state);
  }
  return merged;
}

/** A value may be called as something that every object has, such as `constructor`. */
function ownOf<T extends object>(parent: Record<string, T>, name: string): T {
  if (!Object.hasOwn(parent, name)) parent[name] = {} as T;
  return parent[name]!;
}

function addCell(
  into: Record<string, Stored>,
  from: StoredCell,
  aggregators: ReadonlyMap<string, Aggregator<MeasureState>>,
  sums: Sums,
): void {
  for (const name in from) {
    const aggregator = aggregators.get(name);
    if (!aggregator) continue;
    const added = from[name]!;
    if (!Object.hasOwn(into, name)) into[name] = added;
    else if (typeof added === 'number')
      into[name] = aggregator.encode(
        aggregator.merge(aggregator.decode(into[name]!), aggregator.decode(added)),
      );
    else {
      const before = into[name]!;
      const ofCell = getOrCreate(sums, into, () => new Map<string, Sum>());
      const sum = getOrCreate(ofCell, name, () => ({ aggregator, state: aggregator.decode(before) }));
      sum.state = aggregator.merge(sum.state, aggregator.decode(added));
    }
  }
}

/** The group with, of each metric, the generation that a window shows, under the metric's own name. */
function asShown(group: GroupPlan, { resolution, start }: WindowRef): GroupPlan {
  const shown = group.metrics.filter(({ from }) => resolution === 'all' || from <= start);
  const byName = new Map(shown.map((metric) => [metric.name, { ...metric, field: metric.name }]));
  return { ...group, metrics: [...byName.values()] };
}

type PublishedCell = MetricRecord['cells'][string][string];

/** The document as it is published on the topic `metrics`. */
export function toMetricRecord(document: MetricDocument, group: GroupPlan): MetricRecord {
  const { shop, part, resolution, bucket, version, final, revision } = document;
  const cells: MetricRecord['cells'] = {};
  for (const [dimension, values] of Object.entries(document.cells)) {
    // Not by assignment: a value may be called `__proto__`.
    const published = Object.entries(values).map(
      ([field, cell]) => [unescapeField(field), publishedCell(cell, group)] as const,
    );
    cells[dimension] = Object.fromEntries(published);
  }
  return {
    shop,
    group: document.group,
    part,
    resolution,
    bucket,
    version,
    final,
    revision,
    start: document.start.getTime(),
    end: document.end?.getTime() ?? null,
    cells,
  };
}

function publishedCell(cell: StoredCell, { aggregatorOf }: GroupPlan): PublishedCell {
  const published: PublishedCell = {};
  for (const name in cell) {
    const stored = cell[name]!;
    if (typeof stored === 'number') published[name] = stored;
    else {
      const aggregator = aggregatorOf.get(name);
      const sketch = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('base64');
      published[name] = { value: aggregator ? aggregator.value(aggregator.decode(stored)) : null, sketch };
    }
  }
  return published;
}
