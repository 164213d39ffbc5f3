import { type DateTime, dateTime, isDateTime, rangeUtil, type TimeRange } from '@grafana/data';

/** A range as addresses have it: `now-6h`, epoch ms, or ISO 8601. What can't be read counts as the last six hours. */
export function rangeOf({ from, to }: { from: string; to: string }): TimeRange {
  const raw = { from: boundOf(from), to: boundOf(to) };
  const range = rangeUtil.convertRawToRange(raw);
  return range.from.isValid() && range.to.isValid()
    ? range
    : rangeUtil.convertRawToRange({ from: 'now-6h', to: 'now' });
}

/** The range half of its length earlier (-1) or later (1), as Grafana shifts it. */
export function moved(range: TimeRange, direction: -1 | 1): TimeRange {
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const by = (direction * (to - from)) / 2;
  return absolute(from + by, to + by);
}

/** The range twice as long, around its middle. */
export function zoomedOut(range: TimeRange): TimeRange {
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const margin = (to - from) / 2;
  return absolute(from - margin, to + margin);
}

function absolute(from: number, to: number): TimeRange {
  const [begin, end] = [dateTime(from), dateTime(to)];
  return { from: begin, to: end, raw: { from: begin, to: end } };
}

function boundOf(text: string): string | DateTime {
  if (text.startsWith('now')) return text;
  const time = /^-?\d+$/.test(text) ? dateTime(Number(text)) : dateTime(text);
  return isDateTime(time) ? time : text;
}
