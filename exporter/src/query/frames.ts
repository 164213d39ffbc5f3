import {
  type DimensionSpec,
  type Frame,
  type FrameField,
  type MetricSpec,
  type PartMetric,
  toCurrencyUnits,
} from '@storepulse/contracts';
import type { TimeRange } from './buckets.ts';
import { evaluateMetric, isMoney, type Value } from './evaluate-metric.ts';
import { type States, zeroStates } from './fold.ts';
import type { Group } from './top-groups.ts';
import { fieldConfig, type ShopMoney, toReadable } from './units.ts';

/** What a frame is made of. */
export interface FrameInput {
  readonly refId: string;
  readonly metric: MetricSpec;
  readonly parts: readonly PartMetric[];
  readonly shop: ShopMoney;
  /** Present when the answer is split. */
  readonly dimension?: DimensionSpec | undefined;
  readonly groups: readonly Group[];
  readonly buckets: readonly TimeRange[];
  /** By bucket: whether nothing stored means nothing happened; elsewhere it means not known. */
  readonly known: readonly boolean[];
  /** Start of the first bucket that is still filling. */
  readonly incompleteFrom?: number | undefined;
}

/** Values of one group over the buckets. */
interface Column {
  readonly values: (number | null)[];
  readonly numerator: (number | null)[];
  readonly denominator: (number | null)[];
}

/** A wide frame: a time field, then one number field per group (`timeseries-wide`). */
export function seriesFrame(input: FrameInput, times: readonly number[]): Frame {
  const columns = input.groups.map((group) => columnOf(group, input));
  const fields = input.groups.map((group, i) => ({
    ...numberField(input, columns[i]!.values, input.dimension ? group.value : undefined),
    ...(input.dimension ? { labels: { [input.dimension.name]: group.value } } : {}),
  }));
  const time: FrameField = {
    name: 'time',
    type: 'time',
    config: { displayName: 'Time' },
    values: [...times],
  };
  // Readers of one field expect flat lists; with several, one list per field in their order.
  const ratio = (part: 'numerator' | 'denominator') =>
    input.dimension ? columns.map((column) => column[part]) : (columns[0]?.[part] ?? []);
  return frame(input, 'timeseries-wide', [time, ...fields], ratio);
}

/** A long frame: one row per group over the whole range (`numeric-long`). */
export function tableFrame(input: FrameInput): Frame {
  const columns = input.groups.map((group) => columnOf(group, input));
  const number = numberField(
    input,
    columns.map((column) => column.values[0] ?? null),
  );
  const ratio = (part: 'numerator' | 'denominator') => columns.map((column) => column[part][0] ?? null);
  if (!input.dimension) return frame(input, 'numeric-long', [number], ratio);
  const { name, title, description } = input.dimension;
  const label: FrameField = {
    name,
    type: 'string',
    config: { displayName: title, description },
    values: input.groups.map((group) => group.value),
  };
  return frame(input, 'numeric-long', [label, number], ratio);
}

function frame(
  { refId, metric, incompleteFrom }: FrameInput,
  type: string,
  fields: FrameField[],
  ratio: (part: 'numerator' | 'denominator') => unknown,
): Frame {
  const custom = {
    ...(metric.kind === 'ratio' ? { numerator: ratio('numerator'), denominator: ratio('denominator') } : {}),
    ...(incompleteFrom === undefined ? {} : { incompleteFrom }),
  };
  return { name: metric.title, refId, fields, meta: { type, typeVersion: [0, 1], custom } };
}

function numberField(
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

function columnOf(group: Group, { metric, parts, shop, known, buckets }: FrameInput): Column {
  const zero: States = zeroStates(parts);
  const values = buckets.map((_, i): Value => {
    const states = group.row[i] ?? (known[i] ? zero : undefined);
    return states ? evaluateMetric(metric, parts, states) : { value: null };
  });
  const side = (part: 'numerator' | 'denominator') => {
    const money = metric.kind === 'ratio' && isMoney(metric[part], parts);
    return values.map(({ [part]: number }) => {
      if (number === undefined) return null;
      return money ? toCurrencyUnits(number, shop.scale) : number;
    });
  };
  return {
    values: values.map(({ value }) => toReadable(metric, value, shop)),
    numerator: side('numerator'),
    denominator: side('denominator'),
  };
}
