import type { DimensionSpec, Frame, FrameField, MetricSpec, PartMetric } from '@storepulse/contracts';
import type { Steps } from '../work/pacer.ts';
import type { TimeRange } from './buckets.ts';
import { relativeError } from './estimates.ts';
import { evaluateMetric, isMoney, type Value } from './evaluate-metric.ts';
import { mergeStates, type States, zeroStates } from './fold.ts';
import type { Grouped } from './grouped.ts';
import type { Notice } from './plan.ts';
import { labelsOfGroup, titleOfGroup, valuesOfGroup } from './split.ts';
import type { Group } from './top-groups.ts';
import { fieldConfig, type ShopMoney, toReadable, toShownUnits } from './units.ts';

/** What a frame is made of. */
export interface FrameInput {
  readonly refId: string;
  readonly metric: MetricSpec;
  readonly parts: readonly PartMetric[];
  readonly shop: ShopMoney;
  /** What the answer is split by; none: it is not. */
  readonly dimensions: readonly DimensionSpec[];
  readonly grouped: Grouped;
  readonly groups: readonly Group[];
  readonly buckets: readonly TimeRange[];
  /** By bucket of a group: whether nothing stored means nothing happened; elsewhere it means not known. */
  readonly knownOf: (group: string) => readonly boolean[];
  /** Start of the first bucket that is still filling. */
  readonly incompleteFrom?: number | undefined;
  /** Whether each bucket holds all from the first one up to it. @default false */
  readonly cumulative?: boolean | undefined;
}

/** Values of one group over the buckets. */
export interface Column {
  /** In stored units: money in minor ones. */
  readonly stored: readonly (number | null)[];
  /** As people read them. */
  readonly values: (number | null)[];
  readonly numerator: (number | null)[];
  readonly denominator: (number | null)[];
  /** How far the values may be off at most, as a share; 0: they are exact. */
  readonly error: number;
}

/** A frame with how far its values may be off at most, as a share; 0: they are exact. */
export interface MadeFrame {
  readonly frame: Frame;
  readonly error: number;
}

/** A frame, and what it was made of. */
export interface AnsweredFrame {
  readonly frame: Frame;
  readonly input: FrameInput;
  readonly columns: readonly Column[];
  readonly notices: readonly Notice[];
}

/** A wide frame: a time field, then one number field per group (`timeseries-wide`). */
export function seriesFrame(
  input: FrameInput,
  columns: readonly Column[],
  times: readonly number[],
): MadeFrame {
  const fields = input.groups.map((group, i) => ofGroup(input, group, columns[i]!.values));
  const time: FrameField = {
    name: 'time',
    type: 'time',
    config: { displayName: 'Time' },
    values: [...times],
  };
  // Readers of one field expect flat lists; with several, one list per field in their order.
  const ratio = (part: 'numerator' | 'denominator') =>
    input.dimensions.length > 0 ? columns.map((column) => column[part]) : (columns[0]?.[part] ?? []);
  return frame(input, 'timeseries-wide', [time, ...fields], columns, ratio);
}

/** A long frame: one row per group over the whole range (`numeric-long`). */
export function tableFrame(input: FrameInput, columns: readonly Column[]): MadeFrame {
  const number = numberField(
    input,
    columns.map((column) => column.values[0] ?? null),
  );
  const ratio = (part: 'numerator' | 'denominator') => columns.map((column) => column[part][0] ?? null);
  const rows = input.groups.map((group) => valuesOfGroup(group.value, input.dimensions));
  const labels = input.dimensions.map(
    ({ name, title, description }, i): FrameField => ({
      name,
      type: 'string',
      config: { displayName: title, description },
      values: rows.map((row) => row[i]!),
    }),
  );
  return frame(input, 'numeric-long', [...labels, number], columns, ratio);
}

/** A number field of a group in a time series, with what it is of. */
export function ofGroup(input: FrameInput, { value }: Group, values: (number | null)[]): FrameField {
  if (input.dimensions.length === 0) return numberField(input, values);
  const labels = labelsOfGroup(value, input.dimensions);
  return { ...numberField(input, values, titleOfGroup(value)), labels };
}

function frame(
  { refId, metric, incompleteFrom }: FrameInput,
  type: string,
  fields: FrameField[],
  columns: readonly Column[],
  ratio: (part: 'numerator' | 'denominator') => unknown,
): MadeFrame {
  const error = columns.reduce((most, column) => Math.max(most, column.error), 0);
  const custom = {
    ...(metric.kind === 'ratio' ? { numerator: ratio('numerator'), denominator: ratio('denominator') } : {}),
    ...(incompleteFrom === undefined ? {} : { incompleteFrom }),
    ...(error === 0 ? {} : { relativeError: error }),
  };
  const made = { name: metric.title, refId, fields, meta: { type, typeVersion: [0, 1], custom } };
  return { frame: made, error };
}

export function numberField(
  { metric, shop }: FrameInput,
  values: (number | null)[],
  displayName?: string,
): FrameField {
  const config = fieldConfig(metric, shop);
  return {
    name: metric.name,
    type: 'number',
    config: displayName ? { ...config, displayName } : config,
    values,
  };
}

/** The columns of all groups. Of the states, only those of one group are held at a time. */
export function* columnsOf(input: FrameInput): Steps<Column[]> {
  const columns: Column[] = [];
  for (const group of input.groups) columns.push(yield* columnOf(group, input));
  return columns;
}

/** Buckets between two places to rest. */
const BUCKETS_PER_STEP = 64;

function* columnOf(
  group: Group,
  { metric, parts, shop, grouped, knownOf, buckets, cumulative }: FrameInput,
): Steps<Column> {
  const zero: States = zeroStates(parts);
  const running = zeroStates(parts);
  const known = knownOf(group.value);
  const row = yield* grouped.row(group.members);
  const values: Value[] = [];
  let error = 0;
  for (let i = 0; i < buckets.length; i++) {
    const read = row[i];
    if (cumulative && read) mergeStates(parts, running, read);
    const states = cumulative && (read ?? known[i]) ? running : (read ?? (known[i] ? zero : undefined));
    values.push(states ? evaluateMetric(metric, parts, states) : { value: null });
    if (read) error = Math.max(error, relativeError(parts, cumulative ? running : read));
    if (i % BUCKETS_PER_STEP === 0) yield;
  }
  const side = (part: 'numerator' | 'denominator') => {
    if (metric.kind !== 'ratio') return [];
    const money = isMoney(metric[part], parts);
    return values.map(({ [part]: number }) => {
      if (number === undefined) return null;
      return money ? toShownUnits(number, shop) : number;
    });
  };
  return {
    stored: values.map(({ value }) => value),
    values: values.map(({ value }) => toReadable(metric, value, shop)),
    numerator: side('numerator'),
    denominator: side('denominator'),
    error,
  };
}
