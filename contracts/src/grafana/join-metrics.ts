import type { Frame, FrameField } from '../query.ts';
import { toldOf } from './shown-frames.ts';

/** What was not kept of a split. */
const FOLDED = 'other';

/**
 * The frames of several metrics side by side: time series of the same times as one frame, with a field for each metric and
 * group that tells its metric as a label; tables as one, with a row for each group that any of them has, and null where a metric
 * has nothing of it. Frames of one metric stay what they are, and so do time series of other times.
 * @param frames of one query of one shop, as the exporter answers it
 */
export function joinMetrics(frames: readonly Frame[]): Frame[] {
  const metrics = new Set(frames.map((frame) => metricOf(frame)));
  if (metrics.size < 2 || metrics.has(undefined)) return [...frames];
  const sets: Frame[][] = [];
  for (const frame of frames) {
    const set = sets.find(([first]) => goTogether(first!, frame));
    if (set) set.push(frame);
    else sets.push([frame]);
  }
  return sets.map((set) => (set[0]!.meta?.type === 'numeric-long' ? joinTables(set) : joinSeries(set)));
}

const metricOf = (frame: Frame): string | undefined => {
  const { metric } = toldOf(frame);
  return typeof metric === 'string' ? metric : undefined;
};

/** Whether two frames tell of the same rows: in one, a bucket could not be complete for one metric and not for another. */
function goTogether(a: Frame, b: Frame): boolean {
  const [ofA, ofB] = [toldOf(a), toldOf(b)];
  if (a.meta?.type !== b.meta?.type || ofA.compared !== ofB.compared) return false;
  if (a.meta?.type === 'numeric-long') return true;
  const [timesOfA, timesOfB] = [a, b].map(({ fields: [time] }) => time?.values ?? []);
  return (
    a.meta?.type === 'timeseries-wide' &&
    ofA.incompleteFrom === ofB.incompleteFrom &&
    timesOfA!.length === timesOfB!.length &&
    timesOfA!.every((time, i) => time === timesOfB![i])
  );
}

function joinSeries(set: readonly Frame[]): Frame {
  const [time] = set[0]!.fields;
  const fields = set.flatMap((frame) =>
    frame.fields
      .slice(1)
      .map((field) => ({ ...field, labels: { ...field.labels, metric: metricOf(frame)! } })),
  );
  return { ...headOf(set), fields: [time!, ...fields] };
}

function joinTables(set: readonly Frame[]): Frame {
  const rows = new Map<string, readonly string[]>();
  const places = set.map((frame) => {
    const cells = isString(frame);
    const keys = Array.from({ length: frame.fields[0]?.values.length ?? 0 }, (_, row) => {
      const values = cells.map((field) => String(field.values[row]));
      const key = JSON.stringify(values);
      if (!rows.has(key)) rows.set(key, values);
      return key;
    });
    return new Map(keys.map((key, row) => [key, row]));
  });
  const isFolded = (values: readonly string[]) =>
    values.length > 0 && values.every((text) => text === FOLDED);
  const all = [...rows];
  const ordered = [
    ...all.filter(([, values]) => !isFolded(values)),
    ...all.filter(([, values]) => isFolded(values)),
  ];
  const labels = isString(set[0]!).map((field, column): FrameField => {
    const names = Object.assign({}, ...set.map((frame) => isString(frame)[column]?.names));
    return {
      ...field,
      values: ordered.map(([, values]) => values[column]!),
      ...(Object.keys(names).length > 0 ? { names } : {}),
    };
  });
  const numbers = set.flatMap((frame, n) =>
    frame.fields
      .filter(({ type }) => type === 'number')
      .map((field): FrameField => {
        const values = ordered.map(([key]) => field.values[places[n]!.get(key) ?? -1] ?? null);
        return { ...field, values };
      }),
  );
  return { ...headOf(set), fields: [...labels, ...numbers] };
}

const isString = ({ fields }: Frame): FrameField[] => fields.filter(({ type }) => type === 'string');

/** What goes for all frames of a set; the parts of a ratio and how far values may be off are of one. */
function headOf(set: readonly Frame[]): Omit<Frame, 'fields'> {
  const [first] = set;
  const { numerator: _n, denominator: _d, relativeError: _e, metric: _m, ...custom } = toldOf(first!);
  const ends = set.flatMap((frame) => toldOf(frame).incompleteFrom ?? []).map(Number);
  return {
    ...{ name: set.map(({ name }) => name).join(', '), refId: first!.refId },
    meta: {
      ...first!.meta,
      custom: {
        ...custom,
        metrics: set.map((frame) => metricOf(frame)),
        ...(ends.length > 0 ? { incompleteFrom: Math.min(...ends) } : {}),
      },
    },
  };
}
