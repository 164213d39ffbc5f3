import type { ZoneCalendar } from '@storepulse/contracts';

const ISO = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/;
const MONTH_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** Reads a local date and time to epoch ms; null when the text is none that the calendar has. */
export type WallTimeReader = (text: string) => number | null;

/**
 * Reads both published forms: `2010-12-01 08:26:00` and, month first, `12/1/2010 8:26`. Rows of one invoice carry
 * the same text, so the last answer is kept.
 */
export function createWallTimeReader(calendar: ZoneCalendar): WallTimeReader {
  let lastText = '';
  let lastTime: number | null = null;
  return (text) => {
    if (text !== lastText) {
      lastText = text;
      lastTime = read(text, calendar);
    }
    return lastTime;
  };
}

function read(text: string, calendar: ZoneCalendar): number | null {
  const iso = ISO.exec(text);
  const match = iso ?? MONTH_FIRST.exec(text);
  if (!match) return null;
  const [a, b, c, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [year, month, day] = iso ? [a, b, c] : [c, a, b];
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 59) return null;
  return calendar.instant(year, month, day, hour, minute, second);
}
