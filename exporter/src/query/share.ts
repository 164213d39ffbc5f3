import type { Frame, FrameField, MetricSpec, PartMetric } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { Steps } from '../work/pacer.ts';
import { type AnsweredFrame, type Column, columnsOf, numberField, ofGroup } from './frames.ts';

const UNIT = { unit: 'percentunit', decimals: 1 } as const;
/** Measures whose groups are parts of one whole. */
const ADDITIVE: ReadonlySet<PartMetric['measure']> = new Set(['count', 'sum', 'distinct']);

/** Refuses a share of what is no whole. @throws {ExporterError} `invalid_request` */
export function checkShare(metric: MetricSpec, parts: readonly PartMetric[]): void {
  const isWhole =
    (metric.kind === 'stored' || metric.kind === 'derived' || metric.kind === 'fact') &&
    parts.every(({ measure }) => ADDITIVE.has(measure));
  if (isWhole) return;
  throw new ExporterError(
    'invalid_request',
    `"share" can't be had of ${metric.name}: its groups are no parts of a whole; ask for one that is counted or added up`,
  );
}

/**
 * Adds the share of each group in the total of all groups: to a table as a column, to a time series as a frame with the same
 * times. Of a total that is not above zero there are no shares.
 */
export function* addShare(
  answered: Pick<AnsweredFrame, 'frame' | 'input' | 'columns'>,
  isTable: boolean,
): Steps<{ readonly frame: Frame; readonly more: readonly Frame[] }> {
  const { frame, input, columns } = answered;
  const whole = { value: '', members: input.grouped.values.map((_, i) => i) };
  const [total] = yield* columnsOf({ ...input, groups: [whole] });
  const shares = columns.map((column) => shareOf(column, total!));
  if (isTable) {
    const values = shares.map((share) => share[0] ?? null);
    return { frame: { ...frame, fields: [...frame.fields, toShare(numberField(input, values))] }, more: [] };
  }
  const fields = input.groups.map((group, i) => toShare(ofGroup(input, group, shares[i]!)));
  const share: Frame = {
    name: `${frame.name} (share of total)`,
    refId: frame.refId,
    fields: [frame.fields[0]!, ...fields],
    meta: { ...frame.meta, custom: { compared: 'share' } },
  };
  return { frame, more: [share] };
}

const shareOf = (column: Column, total: Column): (number | null)[] =>
  column.stored.map((value, i) => {
    const whole = total.stored[i] ?? 0;
    return value === null || whole <= 0 ? null : value / whole;
  });

function toShare(field: FrameField): FrameField {
  const displayName = `${field.config.displayName} (share of total)`;
  return { ...field, name: `${field.name}_share`, config: { ...field.config, ...UNIT, displayName } };
}
