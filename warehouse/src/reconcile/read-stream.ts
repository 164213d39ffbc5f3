import {
  ApiError,
  api,
  type Frame,
  type MetricQuery,
  overFetch,
  parseMoney,
  type QueryResult,
  SESSION_IDLE_MS,
  zoneCalendar,
} from '@storepulse/contracts';
import { WarehouseError } from '../errors.ts';
import type { Asked } from './asked.ts';
import { type Cells, cellKey } from './cells.ts';
import { addDays, daysBetween } from './days.ts';
import type { ShopDays, WarehouseShop } from './read-warehouse.ts';

/** What the stream shows of a shop's days. */
export interface StreamFigures {
  /** Money in minor units. */
  readonly cells: Cells;
  /** Visits that were last seen by then (epoch ms) have ended for the stream. */
  readonly settledThrough: number;
}

/** Where the exporter is. */
export interface Exporter {
  readonly url: string;
  /** @default it asks for none */
  readonly key?: string | undefined;
}

const QUERIES_PER_REQUEST = 20;
/** The most groups that an answer has; the rest is `other`. */
const LIMIT = 1_000;
const TOO_COSTLY = 'too_costly';
/** Days that are asked for at once: an answer by product is large. */
export const DAYS_AT_ONCE = 14;

/**
 * Reads what the stream shows, by day, over the exporter's query API.
 * @throws {WarehouseError} `UNREACHABLE` when the exporter does not answer, or refuses
 */
export async function readStream(
  { url, key }: Exporter,
  asked: readonly Asked[],
  shop: WarehouseShop,
  { from, to }: Pick<ShopDays, 'from' | 'to'>,
): Promise<StreamFigures> {
  const send = overFetch({
    fetch: globalThis.fetch,
    url,
    headers: { 'cache-control': 'no-cache', ...(key ? { authorization: `Bearer ${key}` } : {}) },
  });
  const calendar = zoneCalendar(shop.timeZone);
  const startOf = (day: string) => {
    const [year, month, date] = day.split('-').map(Number) as [number, number, number];
    return calendar.dayStart(calendar.instant(year, month, date, 12));
  };
  const dayOf = (time: number) => {
    const { year, month, day } = calendar.localDate(time);
    return [year, month, day].map((n) => String(n).padStart(2, '0')).join('-');
  };
  const cells: Cells = new Map();
  let settledThrough = Number.POSITIVE_INFINITY;
  /** Asks for some at once; where that is more than one request may ask for, for less. */
  const ask = async (part: readonly Asked[], days: Days): Promise<void> => {
    const queries = part.map(
      ({ metric, dimension }, n): MetricQuery => ({
        ...{ refId: `${n}`, shop: shop.shop, metric, interval: '1d', format: 'time_series' },
        ...(dimension === 'total' ? {} : { groupBy: dimension, limit: LIMIT }),
      }),
    );
    const range = { from: startOf(days.from), to: calendar.dayEnd(startOf(days.to)) };
    let results: Readonly<Record<string, QueryResult>> | undefined;
    try {
      ({ results } = await send(api.query({ range, queries })));
    } catch (error) {
      if (!(error instanceof ApiError && error.problem?.code === TOO_COSTLY)) throw unreachable(url, error);
    }
    const found = part.map((_, n) => results?.[`${n}`]);
    if (found.some((result) => !result || result.error?.code === TOO_COSTLY)) {
      const smaller = halves(part, days);
      if (!smaller)
        throw new WarehouseError(
          'UNREACHABLE',
          `The exporter at ${url}: one query of one day is ${TOO_COSTLY}`,
        );
      for (const [fewer, less] of smaller) await ask(fewer, less);
      return;
    }
    part.forEach((query, n) => {
      const { frames, meta, error } = found[n]!;
      if (error) throw new WarehouseError('UNREACHABLE', `The exporter at ${url}: ${error.detail}`);
      // Facts are read as they are, whatever visits have ended.
      if (!query.isOfFacts)
        settledThrough = Math.min(settledThrough, (meta.freshness?.watermark ?? 0) - SESSION_IDLE_MS);
      addFrame(cells, frames[0]!, query, shop.scale, dayOf);
    });
  };
  for (let at = 0; at < asked.length; at += QUERIES_PER_REQUEST)
    await ask(asked.slice(at, at + QUERIES_PER_REQUEST), { from, to });
  return { cells, settledThrough };
}

type Days = Pick<ShopDays, 'from' | 'to'>;

/** Two parts of what was asked: by queries, or of a single one by days. Undefined: there is nothing less. */
function halves(part: readonly Asked[], { from, to }: Days): [readonly Asked[], Days][] | undefined {
  if (part.length > 1) {
    const half = Math.ceil(part.length / 2);
    return [
      [part.slice(0, half), { from, to }],
      [part.slice(half), { from, to }],
    ];
  }
  if (from === to) return undefined;
  const middle = addDays(from, Math.floor(daysBetween(from, to) / 2));
  return [
    [part, { from, to: middle }],
    [part, { from: addDays(middle, 1), to }],
  ];
}

/** A frame has a column of times, then one of numbers for each value. */
function addFrame(
  cells: Cells,
  { fields }: Frame,
  { metric, dimension, isMoney }: Asked,
  scale: number,
  dayOf: (time: number) => string,
): void {
  const [times, ...columns] = fields;
  const days = times!.values.map((time) => dayOf(Number(time)));
  for (const { labels, values } of columns) {
    const value = dimension === 'total' ? 'all' : labels![dimension]!;
    values.forEach((figure, n) => {
      // Where nothing is stored a graph is filled with nothing, or with zeros: that is no cell.
      if (figure === null || figure === 0) return;
      const amount = isMoney ? minorUnits(Number(figure), scale) : Number(figure);
      cells.set(cellKey({ day: days[n]!, metric, dimension, value }), amount);
    });
  }
}

/** An amount in currency units prints as its exact decimals: read back, it is the same integer. */
function minorUnits(amount: number, scale: number): number {
  const text = String(amount);
  return /^-?\d+(\.\d+)?$/.test(text) && (text.split('.')[1] ?? '').length <= scale
    ? parseMoney(text, scale)
    : amount * 10 ** scale;
}

function unreachable(url: string, error: unknown): WarehouseError {
  const why = error instanceof ApiError ? `refuses: ${error.message}` : 'does not answer';
  return new WarehouseError(
    'UNREACHABLE',
    `The exporter at ${url} ${why}. EXPORTER_URL names another address.`,
    {
      cause: error,
    },
  );
}
