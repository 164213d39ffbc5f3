import { createDataFrame, type DataFrame, FieldType, type QueryResultMetaNotice } from '@grafana/data';
import type { EventCounts } from '@storepulse/contracts/live';
import { severityOf } from './severityOf';

/** How to present how many events there are. */
export interface VolumeOptions {
  refId: string;
  /** Epoch ms. */
  range: { from: number; to: number };
  /** What was asked, for the query inspector. */
  sent: string;
  remarks: QueryResultMetaNotice[];
}

/** The volume of a log: a frame for each severity, which Grafana stacks as bars in its colours. */
export function toVolumeFrames(
  { begin, stepMs, counts, completeFrom }: EventCounts,
  options: VolumeOptions,
): DataFrame[] {
  const { refId, range, sent, remarks } = options;
  const notices = completeFrom > range.from ? [...remarks, cut(completeFrom)] : remarks;
  const bySeverity = new Map<string, number[]>();
  for (const [type, steps] of Object.entries(counts)) {
    const level = severityOf(type);
    const sums = bySeverity.get(level);
    bySeverity.set(level, sums ? sums.map((sum, step) => sum + (steps[step] ?? 0)) : steps);
  }
  return [...bySeverity].map(([level, values]) =>
    createDataFrame({
      refId,
      name: level,
      meta: { executedQueryString: sent, notices },
      fields: [
        {
          ...{ name: 'Time', type: FieldType.time, config: { interval: stepMs } },
          values: values.map((_, step) => begin + step * stepMs),
        },
        {
          name: 'Value',
          type: FieldType.number,
          labels: { level },
          config: { displayNameFromDS: level },
          values,
        },
      ],
    }),
  );
}

const cut = (from: number): QueryResultMetaNotice => ({
  severity: 'info',
  text: `There are very many events: they are counted from ${new Date(from).toISOString()} on. Choose a shorter range, or filter.`,
});
