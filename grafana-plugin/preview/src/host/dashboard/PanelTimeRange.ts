import { dateMath, rangeUtil, type TimeRange } from '@grafana/data';
import { type SceneTimeRangeState, SceneTimeRangeTransformerBase } from '@grafana/scenes';

interface PanelTimeRangeState extends SceneTimeRangeState {
  /** A panel's own range: `7d` for the last seven days, or `now/d` for since midnight. */
  timeFrom?: string;
  /** How far the range is moved back: `1d`. */
  timeShift?: string;
}

/** A panel's time range where it differs from the dashboard's, by the panel options "relative time" and "time shift". */
export class PanelTimeRange extends SceneTimeRangeTransformerBase<PanelTimeRangeState> {
  constructor(state: Pick<PanelTimeRangeState, 'timeFrom' | 'timeShift'>) {
    super({
      ...state,
      from: 'now-6h',
      to: 'now',
      value: rangeUtil.convertRawToRange({ from: 'now-6h', to: 'now' }),
    });
  }

  protected override ancestorTimeRangeChanged({ value }: SceneTimeRangeState): void {
    const { timeFrom, timeShift } = this.state;
    const own = timeFrom ? rangeUtil.convertRawToRange(rawRange(timeFrom), this.getTimeZone()) : value;
    const range = timeShift ? shift(own, timeShift) : own;
    this.setState({ from: rawText(range.raw.from), to: rawText(range.raw.to), value: range });
  }
}

function rawRange(timeFrom: string): { from: string; to: string } {
  return { from: timeFrom.startsWith('now') ? timeFrom : `now-${timeFrom}`, to: 'now' };
}

function shift(range: TimeRange, timeShift: string): TimeRange {
  const from = dateMath.parseDateMath(`-${timeShift}`, range.from, false) ?? range.from;
  const to = dateMath.parseDateMath(`-${timeShift}`, range.to, true) ?? range.to;
  return { from, to, raw: { from, to } };
}

function rawText(raw: TimeRange['raw']['from']): string {
  return typeof raw === 'string' ? raw : raw.toISOString();
}
