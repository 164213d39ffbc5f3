import type { Resolution, ZoneCalendar } from '../time.ts';
import type { DimensionSpec } from './model.ts';

/** A dimension that no event has: the start of a window tells its value, in the shop's time zone. */
export interface TimeDimension extends DimensionSpec {
  readonly domain: { readonly values: readonly string[] };
  readonly ordered: true;
  /** The longest windows of which each has one value. */
  readonly resolution: Extract<Resolution, '1h' | '1d'>;
  /** The value at an instant, epoch ms. */
  valueAt(time: number, calendar: ZoneCalendar): string;
}

/** As ISO 8601 numbers them. */
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const HOURS = Array.from({ length: 24 }, (_, hour) => `${hour}`);

const hourOfDay: TimeDimension = {
  name: 'hour_of_day',
  title: 'Hour of day',
  synonyms: ['time of day', 'clock'],
  description: 'Hour that the shop’s clocks show, 0 to 23: one that clocks repeat in autumn counts twice',
  domain: { values: HOURS },
  ordered: true,
  resolution: '1h',
  valueAt: (time, calendar) => HOURS[calendar.localTime(time).hour]!,
};

const weekday: TimeDimension = {
  name: 'weekday',
  title: 'Weekday',
  synonyms: ['day of week'],
  description: 'Day of the week in the shop’s time zone, Monday first',
  domain: { values: WEEKDAYS },
  ordered: true,
  resolution: '1d',
  valueAt: (time, calendar) => WEEKDAYS[(calendar.localDate(time).weekday + 6) % 7]!,
};

/**
 * The dimensions of time, by name. Every metric that is read from windows has them, beside its own and together with any
 * of those: nothing is stored for them.
 */
export const timeDimensions: ReadonlyMap<string, TimeDimension> = new Map(
  [weekday, hourOfDay].map((dimension) => [dimension.name, dimension]),
);
