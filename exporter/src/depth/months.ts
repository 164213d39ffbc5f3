import { UNKNOWN_VALUE, type ZoneCalendar } from '@storepulse/contracts';
import { monthsBetween } from '../facts/months.ts';
import type { RunRows } from './aggregate.ts';
import { countSql } from './bounds-sql.ts';
import { type Names, SHOP } from './load/names.ts';
import { COHORT } from './tables.ts';

/**
 * Names that also tell the month of the first order, in the shop's zone: numbered from the shop's first month on; the last number is that
 * of no known customer with an order.
 * @param firstOrder SQL of the instant of the first order
 */
export async function withMonths(
  names: Names,
  { shop, calendar, firstOrder }: { shop: string; calendar: ZoneCalendar; firstOrder: string },
  run: RunRows,
): Promise<Names> {
  const id = names.idOf(SHOP, shop);
  const [span] = await run(
    `SELECT min(first_instant) AS first, max(first_instant) AS last FROM customers WHERE shop = ${id ?? -1}`,
  );
  const isEmpty = span?.first === null || span?.first === undefined;
  const first = Number(span?.first ?? 0);
  const months = isEmpty ? [] : monthsBetween(first, Number(span!.last), calendar);
  const values = [...months, UNKNOWN_VALUE];
  const starts = months.slice(1).map((month) => {
    const [year, number] = month.split('-').map(Number) as [number, number];
    return calendar.dayStart(calendar.instant(year, number, 1, NOON));
  });
  const told = `CASE WHEN ${firstOrder} IS NULL THEN ${months.length} ELSE ${countSql(firstOrder, starts)} END`;
  return {
    ...names,
    valuesOf: (dimension) => (dimension === COHORT ? values : names.valuesOf(dimension)),
    sqlOf: (dimension) => (dimension === COHORT ? told : names.sqlOf?.(dimension)),
  };
}

/** No zone's midnight is disputed at noon, so dates are found from there. */
const NOON = 12;
