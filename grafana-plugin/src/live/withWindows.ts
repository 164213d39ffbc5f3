import { toldOf } from '@storepulse/contracts/grafana/shown-frames';
import type { WindowLine } from '@storepulse/contracts/live';
import type { Frame, FrameField } from '@storepulse/contracts/query';

/** How windows are put into an answer. */
export interface WindowsOptions {
  metric: string;
  /** The dimension that it is split by. @default none */
  dimension: string | undefined;
  /** Length of a window where all have the same, ms. */
  stepMs: number | undefined;
  /** Whether nothing told of a window means nothing happened in it, as it does of counts and sums. */
  isZeroTrue: boolean;
  /** How much time is kept behind the latest window, ms. */
  spanMs: number;
}

/** The name of a figure that is not split. */
const WHOLE = 'all';

type Value = number | null;

/**
 * A time series with windows as they are now in place of what it had of their times, and later ones behind. What lies further back
 * than the span is left out, so that it does not grow.
 * @param frame of the same metric, split and length of windows
 */
export function withWindows(
  frame: Frame,
  windows: ReadonlyMap<number, WindowLine>,
  options: WindowsOptions,
): Frame {
  const [time, ...columns] = frame.fields;
  const [first] = columns;
  if (!time || !first) {
    return frame;
  }
  const { dimension, metric, isZeroTrue, spanMs } = options;
  const rows = rowsOf(frame, dimension);
  for (const { start, values } of windows.values()) {
    rows.set(start, values[metric] ?? {});
  }
  const latest = Math.max(...rows.keys());
  const times = timesOf(rows, options).filter((at) => at > latest - spanMs);
  const names = [
    ...new Set([
      ...columns.map((field) => nameOf(field, dimension)),
      ...[...rows.values()].flatMap(Object.keys),
    ]),
  ];
  const nothing = isZeroTrue ? 0 : null;
  const fields = names.map((name): FrameField => {
    const own =
      columns.find((field) => nameOf(field, dimension) === name) ??
      added(first, name, dimension, toldOf(frame).metric === undefined ? undefined : frame.name);
    return { ...own, values: times.map((at) => valueAt(rows.get(at), name, nothing)) };
  });
  const isFinal = windows.get(latest)?.final ?? false;
  const custom = {
    ...(frame.meta?.custom as object | undefined),
    incompleteFrom: isFinal ? undefined : latest,
  };
  return {
    ...frame,
    fields: [{ ...time, values: times }, ...fields],
    meta: { ...frame.meta, custom },
  };
}

/** What is told as unknown stays so. */
function valueAt(row: Record<string, Value> | undefined, name: string, nothing: Value): Value {
  const told = row?.[name];
  return told === undefined ? nothing : told;
}

/** By time, the value of each name. */
function rowsOf(frame: Frame, dimension: string | undefined): Map<number, Record<string, Value>> {
  const [time, ...fields] = frame.fields;
  return new Map(
    time!.values.map((at, row) => [
      at as number,
      Object.fromEntries(fields.map((field) => [nameOf(field, dimension), field.values[row] as Value])),
    ]),
  );
}

/** Ascending; where nothing told means nothing happened, without a gap. */
function timesOf(rows: ReadonlyMap<number, unknown>, { stepMs, isZeroTrue }: WindowsOptions): number[] {
  const told = [...rows.keys()].sort((a, b) => a - b);
  if (stepMs === undefined || !isZeroTrue || told.length === 0) {
    return told;
  }
  const count = Math.round((told.at(-1)! - told[0]!) / stepMs) + 1;
  return Array.from({ length: count }, (_, n) => told[0]! + n * stepMs);
}

const nameOf = ({ labels }: FrameField, dimension: string | undefined): string =>
  (dimension === undefined ? undefined : labels?.[dimension]) ?? WHOLE;

/** The column of a value that the answer did not have. @param title of its metric, where it is one of several */
function added(
  like: FrameField,
  name: string,
  dimension: string | undefined,
  title: string | undefined,
): FrameField {
  const displayName = title === undefined ? name : `${title} · ${name}`;
  return dimension === undefined
    ? like
    : { ...like, labels: { [dimension]: name }, config: { ...like.config, displayName } };
}
