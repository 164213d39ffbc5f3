import { catalog } from '@storepulse/contracts';
import { askJson } from '../../ask-json.ts';
import type { Grown, PastCounter } from './past-totals.ts';

/** The exporter that is asked. */
export interface AskedExporter {
  /** e.g. `http://127.0.0.1:9464` */
  url: string;
  /** Undefined where it asks for none. */
  key: string | undefined;
}

const HOUR_MS = 3_600_000;
/** As much as rules look back, three weeks, and the longest of their windows. */
const PAST_MS = 28 * 24 * HOUR_MS;
/** Metrics that are asked for in one request. */
const AT_ONCE = 10;
const TIMEOUT_MS = 60_000;
/** A counter of a shop's total: those by a dimension are not in the catalogue under their names. */
const COUNTER = /^storepulse_(\w+?)(_seconds)?_total\{([^}]*)\} (\S+)$/gm;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

interface Answer {
  results: Record<string, { frames?: { fields: { values: (number | null)[] }[] }[] }>;
}

/**
 * The counters that the exporter shows, with what they have grown by in each hour of the last four weeks. Hours are read before totals: what comes
 * in between is not missing in the past, but comes before it.
 * @param scraped labels that a scrape adds: `job` and `instance`
 * @throws {LocalError} `not_running` when the exporter does not answer
 */
export async function askPast(
  exporter: AskedExporter,
  scraped: Readonly<Record<string, string>>,
  now: number,
): Promise<PastCounter[]> {
  const before = await countersOf(exporter);
  const range = { from: Math.floor((now - PAST_MS) / HOUR_MS) * HOUR_MS, to: now };
  const grown: Grown[][] = [];
  for (let i = 0; i < before.length; i += AT_ONCE)
    grown.push(...(await hoursOf(exporter, before.slice(i, i + AT_ONCE), range)));
  const totals = new Map((await countersOf(exporter)).map((counter) => [keyOf(counter), counter.total]));
  return before.map((counter, i) => ({
    name: counter.name,
    labels: { ...scraped, ...counter.labels },
    total: totals.get(keyOf(counter)) ?? counter.total,
    hours: grown[i]!,
  }));
}

interface Counter {
  name: string;
  metric: string;
  /** How many units of the query API one unit of the counter is. */
  units: number;
  labels: Record<string, string> & { shop: string };
  total: number;
}

const keyOf = ({ name, labels }: Counter) => `${name}|${labels.shop}`;

async function countersOf({ url, key }: AskedExporter): Promise<Counter[]> {
  const response = await fetch(`${url}/metrics`, {
    headers: headersOf(key),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  return [...text.matchAll(COUNTER)].flatMap(([, metric, seconds, labels, total]) => {
    if (!catalog.metrics.has(metric!)) return [];
    const pairs = [...labels!.matchAll(LABEL)].map(([, name, value]) => [name!, JSON.parse(`"${value}"`)]);
    return {
      name: `storepulse_${metric}${seconds ?? ''}_total`,
      metric: metric!,
      units: seconds ? 1_000 : 1,
      labels: Object.fromEntries(pairs) as Counter['labels'],
      total: Number(total),
    };
  });
}

/** What each counter has grown by in the hours of a range. */
async function hoursOf(
  { url, key }: AskedExporter,
  counters: readonly Counter[],
  range: { from: number; to: number },
): Promise<Grown[][]> {
  const queries = counters.map(({ metric, labels: { shop } }, n) => ({
    ...{ refId: `${n}`, shop, metric, interval: '1h' },
  }));
  const { results } = await askJson<Answer>('The exporter', `${url}/api/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headersOf(key) },
    body: JSON.stringify({ range, queries }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return counters.map(({ units }, n) => {
    const [times, values] = results[`${n}`]?.frames?.[0]?.fields ?? [];
    return (times?.values ?? []).map((from, i) => ({
      from: from!,
      to: Math.min(from! + HOUR_MS, range.to),
      by: (values?.values[i] ?? 0) / units,
    }));
  });
}

const headersOf = (key: string | undefined): Record<string, string> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` };
