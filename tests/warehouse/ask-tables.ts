import type { QueryResponse, QueryResult } from '@storepulse/contracts';

/** Asks queries of a running exporter. */
export type AskTables = (...queries: readonly object[]) => Promise<QueryResult[]>;

/** Asks tables of one shop over a range, in one request. @param url the exporter's */
export function tablesOf(url: string, shop: string, range: { from: number; to: number }): AskTables {
  return async (...queries) => {
    const asked = queries.map((query, i) => ({ refId: `${i}`, shop, format: 'table', ...query }));
    const response = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ range, queries: asked }),
    });
    const { results } = (await response.json()) as QueryResponse;
    return asked.map(({ refId }) => results[refId]!);
  };
}
