import {
  type Comparison,
  type Frame,
  type FrameField,
  type MetricSpec,
  OTHER_VALUE,
} from '@storepulse/contracts';
import { type Column, type FrameInput, numberField, ofGroup } from './frames.ts';
import type { Grouped } from './grouped.ts';
import type { Group } from './top-groups.ts';
import { type ShopMoney, toReadable } from './units.ts';

/** What is told of two times. */
const PARTS = ['earlier', 'difference', 'relative'] as const;
type Part = (typeof PARTS)[number];

const TITLE: Readonly<Record<Comparison, string>> = {
  previous_period: 'previous period',
  previous_week: 'a week before',
  previous_year: 'a year before',
};
const RELATIVE = { unit: 'percentunit', decimals: 1 } as const;

/** The groups of an answer, among what was read of an earlier time; all that has no group of its own is in `other`. */
export function groupsOfEarlier(
  groups: readonly Group[],
  earlier: Pick<Grouped, 'values'>,
  isSplit: boolean,
): { groups: Group[]; unshown: number } {
  if (!isSplit)
    return {
      groups: groups.map(({ value }) => ({ value, members: earlier.values.map((_, i) => i) })),
      unshown: 0,
    };
  const members = new Map(groups.map(({ value }) => [value, [] as number[]]));
  const other = members.get(OTHER_VALUE);
  let unshown = 0;
  earlier.values.forEach((value, i) => {
    const of = members.get(value) ?? other;
    if (of) of.push(i);
    else unshown += 1;
  });
  return { groups: groups.map(({ value }) => ({ value, members: members.get(value)! })), unshown };
}

/** An earlier column in the places of the buckets that it is compared with; −1: null. */
function align({ stored }: Pick<Column, 'stored'>, places: readonly number[]): (number | null)[] {
  return places.map((place) => stored[place] ?? null);
}

/** The values of the three parts of a comparison, as people read them. Without one of two values there is no difference. */
function partsOf(
  now: readonly (number | null)[],
  earlier: readonly (number | null)[],
  metric: MetricSpec,
  shop: ShopMoney,
): Record<Part, (number | null)[]> {
  const pairs = now.map((value, i) => [value, earlier[i] ?? null] as const);
  return {
    earlier: earlier.map((value) => toReadable(metric, value, shop)),
    difference: pairs.map(([a, b]) => (a === null || b === null ? null : toReadable(metric, a - b, shop))),
    relative: pairs.map(([a, b]) => (a === null || b === null || b === 0 ? null : (a - b) / Math.abs(b))),
  };
}

/** What a comparison is made of. */
export interface Compared {
  readonly comparison: Comparison;
  readonly input: FrameInput;
  readonly columns: readonly Column[];
  readonly earlier: readonly Column[];
  /** By bucket: the earlier bucket's index; −1: there is none. */
  readonly places: readonly number[];
  /** How far the earlier time lies before, ms: of the first bucket, since days and months differ. */
  readonly shiftMs: number;
}

/**
 * A time series with what it is compared with: three frames more, with the times of the first, so that each can be drawn
 * over it. `meta.custom.compared` tells which is which.
 */
export function compareSeries(frame: Frame, compared: Compared): Frame[] {
  const { comparison, input, columns, earlier, places, shiftMs } = compared;
  const time = frame.fields[0]!;
  const parts = columns.map((column, i) =>
    partsOf(column.stored, align(earlier[i]!, places), input.metric, input.shop),
  );
  const frames = PARTS.map((part): Frame => {
    const fields = input.groups.map((group, i) =>
      toPart(part, comparison, ofGroup(input, group, parts[i]![part])),
    );
    return {
      name: `${frame.name} (${titleOf(part, comparison)})`,
      refId: frame.refId,
      fields: [time, ...fields],
      meta: {
        ...frame.meta,
        // Grafana tells the earlier time of a value by it; the times are those of the present already.
        ...(part === 'earlier' ? { timeCompare: { diffMs: shiftMs, isTimeShiftQuery: true } } : {}),
        custom: { compareTo: comparison, compared: part },
      },
    };
  });
  return [frame, ...frames];
}

/** A table with three columns more. */
export function compareTable(frame: Frame, compared: Compared): Frame {
  const { comparison, input, columns, earlier } = compared;
  const first = (column: Column) => column.stored[0] ?? null;
  const parts = partsOf(columns.map(first), earlier.map(first), input.metric, input.shop);
  const added = PARTS.map((part) => toPart(part, comparison, numberField(input, parts[part])));
  const custom = { ...(frame.meta?.custom as object), compareTo: comparison };
  return { ...frame, fields: [...frame.fields, ...added], meta: { ...frame.meta, custom } };
}

function toPart(part: Part, comparison: Comparison, field: FrameField): FrameField {
  const displayName = `${field.config.displayName} (${titleOf(part, comparison)})`;
  const config = { ...field.config, ...(part === 'relative' ? RELATIVE : {}), displayName };
  return { ...field, name: `${field.name}_${part}`, config };
}

const titleOf = (part: Part, comparison: Comparison): string =>
  ({ earlier: TITLE[comparison], difference: 'difference', relative: 'change' })[part];
