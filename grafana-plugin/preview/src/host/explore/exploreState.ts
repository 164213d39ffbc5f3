import type { DataQuery } from '@grafana/schema';

/** What Explore shows, as its address says it. */
export interface ExploreState {
  /** Uid of the data source; without it the default one. */
  datasource?: string;
  /** At least one. */
  queries: DataQuery[];
  /** As in addresses: `now-6h`, or epoch ms. */
  range: { from: string; to: string };
}

/** What Explore begins with. */
export const FIRST_RANGE = { from: 'now-6h', to: 'now' };

/** The address of Explore with that state, in the form that Grafana gives it since version 10. */
export function exploreAddress({ datasource, queries, range }: ExploreState): string {
  const panes = JSON.stringify({ a: { datasource, queries, range } });
  return `/explore?${new URLSearchParams({ schemaVersion: '1', panes })}`;
}

/**
 * Reads the state of an address: `panes`, or `left` as older links and those of data sources have it. What can't be read
 * counts as not there, so that every address opens; without queries the list is empty.
 */
export function readExploreState(search: string): ExploreState {
  const parameters = new URLSearchParams(search);
  const pane = paneOf(parameters);
  const range = isRecord(pane.range) ? pane.range : {};
  const text = (value: unknown, otherwise: string) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;
  return {
    ...(typeof pane.datasource === 'string' ? { datasource: pane.datasource } : {}),
    queries: Array.isArray(pane.queries) ? pane.queries.filter(isRecord).map(withRefId) : [],
    range: { from: text(range.from, FIRST_RANGE.from), to: text(range.to, FIRST_RANGE.to) },
  };
}

/** The letter of a query that comes after others: the first that none of them has. */
export function nextRefId(queries: readonly Pick<DataQuery, 'refId'>[]): string {
  const taken = new Set(queries.map(({ refId }) => refId));
  for (let n = 0; ; n++) {
    const letter = String.fromCharCode(65 + (n % 26)) + (n < 26 ? '' : Math.floor(n / 26));
    if (!taken.has(letter)) return letter;
  }
}

function paneOf(parameters: URLSearchParams): Record<string, unknown> {
  const [first] = Object.values(recordOf(parameters.get('panes')));
  return isRecord(first) ? first : recordOf(parameters.get('left'));
}

function recordOf(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function withRefId(query: Record<string, unknown>, n: number): DataQuery {
  return {
    ...query,
    refId: typeof query.refId === 'string' ? query.refId : String.fromCharCode(65 + (n % 26)),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
