import { zoneCalendar } from '@storepulse/contracts';
import { HOUR_SHAPE, WEEKDAY_SHAPE } from '../behaviour/calibration.ts';

const HOUR = 3_600_000;
const HOURS_SUM = HOUR_SHAPE.reduce((sum, share) => sum + share, 0);
const DAYS_SUM = WEEKDAY_SHAPE.reduce((sum, share) => sum + share, 0);

/** How busy shops are over the week, against their mean. */
export interface DayShape {
  /** The factor at a moment (epoch ms); 1 on average over a week. Straight between full hours. */
  factor(time: number): number;
}

/** The shape of a week in a time zone. @throws {RangeError} for an unknown zone. */
export function createDayShape(timeZone: string): DayShape {
  const calendar = zoneCalendar(timeZone);
  let day = { start: 0, end: 0, weekday: 0 };

  const knot = (time: number): number => {
    if (time < day.start || time >= day.end) {
      const start = calendar.dayStart(time);
      day = { start, end: calendar.dayEnd(time), weekday: (calendar.localDate(time).weekday + 6) % 7 };
    }
    // The clock change makes a day of 25 hours; its last one counts as the 24th.
    const hour = Math.min(23, Math.floor((time - day.start) / HOUR));
    return (WEEKDAY_SHAPE[day.weekday]! / DAYS_SUM) * 7 * (HOUR_SHAPE[hour]! / HOURS_SUM) * 24;
  };
  let known = { hour: Number.NaN, from: 0, to: 0 };
  return {
    factor: (time) => {
      const hour = Math.floor(time / HOUR);
      if (hour !== known.hour) known = { hour, from: knot(hour * HOUR), to: knot((hour + 1) * HOUR) };
      return known.from + (known.to - known.from) * (time / HOUR - hour);
    },
  };
}

/** The mean of several shops' shapes. */
export function meanShape(shapes: readonly DayShape[]): DayShape {
  return {
    factor: (time) => shapes.reduce((sum, shape) => sum + shape.factor(time), 0) / shapes.length,
  };
}
