import { zoneCalendar } from '@storepulse/contracts';
import type { WeekShape } from '../behaviour/week-shapes.ts';

const HOUR = 3_600_000;

/** How busy a shop is over the week, against its mean. */
export interface DayShape {
  /** The factor at a moment (epoch ms); 1 on average over a week. It goes straight from half hour to half hour. */
  factor(time: number): number;
}

/**
 * The shape of a week in a time zone. The mean over each local hour is exactly that hour's share, as long as no hour
 * has less than about a third of its neighbours'.
 * @throws {RangeError} for an unknown zone.
 */
export function createDayShape({ hours, weekdays }: WeekShape, timeZone: string): DayShape {
  const calendar = zoneCalendar(timeZone);
  const meanHour = sumOf(hours) / hours.length;
  const meanDay = sumOf(weekdays) / weekdays.length;
  let day = { start: 0, end: 0, weekday: 0 };

  /** What the hour that begins at `start` has on average. */
  const levelOf = (start: number): number => {
    if (start < day.start || start >= day.end) {
      day = {
        start: calendar.dayStart(start),
        end: calendar.dayEnd(start),
        weekday: (calendar.localDate(start).weekday + 6) % 7,
      };
    }
    // Counted from the day's end, since clocks change early in a day; the night's hours are much alike.
    const hour = Math.max(0, 24 - Math.ceil((day.end - start) / HOUR));
    return (weekdays[day.weekday]! / meanDay) * (hours[hour]! / meanHour);
  };
  let known = { hour: Number.NaN, from: 0, middle: 0, to: 0 };
  const learn = (hour: number) => {
    const [before, level, after] = [hour - 1, hour, hour + 1].map((at) => levelOf(at * HOUR)) as [
      number,
      number,
      number,
    ];
    const [from, to] = [(before + level) / 2, (level + after) / 2];
    known = { hour, from, to, middle: Math.max(0, 2 * level - (from + to) / 2) };
  };
  return {
    factor: (time) => {
      const hour = Math.floor(time / HOUR);
      if (hour !== known.hour) learn(hour);
      const { from, middle, to } = known;
      const half = 2 * (time / HOUR - hour);
      return half < 1 ? from + (middle - from) * half : middle + (to - middle) * (half - 1);
    },
  };
}

/** The mean of several shops' shapes. */
export function meanShape(shapes: readonly DayShape[]): DayShape {
  return {
    factor: (time) => shapes.reduce((sum, shape) => sum + shape.factor(time), 0) / shapes.length,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
