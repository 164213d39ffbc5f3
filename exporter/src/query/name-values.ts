import type { DimensionSpec, Frame, FrameField } from '@storepulse/contracts';
import type { MetricStore } from '../store/store.ts';
import type { Allowance } from '../work/allowance.ts';
import { labelsOfGroup } from './split.ts';
import type { Group } from './top-groups.ts';

/**
 * Adds what values are called to the frames of an answer, where records tell it: to a column of values their names, to the
 * title of a line the name of its value.
 */
export async function nameValues(
  frames: readonly Frame[],
  {
    shop,
    groups,
    dimensions,
  }: { shop: string; groups: readonly Group[]; dimensions: readonly DimensionSpec[] },
  { store }: { store: Pick<MetricStore, 'productNames'> },
  allowance: Allowance,
): Promise<Frame[]> {
  const named = dimensions.find(({ namedBy }) => namedBy === 'products');
  if (!named || groups.length === 0) return [...frames];
  const values = groups.map(({ value }) => labelsOfGroup(value, dimensions)[named.name]!);
  const names = await store.productNames(shop, [...new Set(values)], {
    signal: allowance.signal,
    timeoutMs: allowance.leftMs(),
  });
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => nameField(field, named.name, names)),
  }));
}

function nameField(field: FrameField, dimension: string, names: ReadonlyMap<string, string>): FrameField {
  if (field.type === 'string' && field.name === dimension)
    return { ...field, names: Object.fromEntries(names) };
  const value = field.labels?.[dimension];
  const name = value === undefined ? undefined : names.get(value);
  const { displayName } = field.config;
  if (value === undefined || name === undefined || displayName === undefined) return field;
  return {
    ...field,
    config: { ...field.config, displayName: displayName.replace(value, () => `${value} ${name}`) },
  };
}
