import { catalog, type QueryResponse } from '@storepulse/contracts';
import { SimulatorError } from '../errors.ts';
import type { Figures } from './compare.ts';

/** Queries that one request may hold. */
const QUERIES_PER_REQUEST = 50;
/** More values than any dimension of a simulated shop has. */
const LIMIT = 1_000;

/**
 * What the exporter shows of a shop's whole life: every stored metric, whole and by each of its dimensions.
 * @param url of the exporter
 * @throws {SimulatorError} `exporter-unreachable`, or `refused` with what it said
 */
export async function shownFigures(url: string, shop: string): Promise<Figures> {
  const wanted = [...catalog.metrics.values()].flatMap((metric) =>
    metric.kind === 'stored'
      ? ['total', ...metric.dimensions].map((dimension) => ({ metric: metric.name, dimension }))
      : [],
  );
  const figures: Record<string, Record<string, Record<string, number | null>>> = {};
  for (let first = 0; first < wanted.length; first += QUERIES_PER_REQUEST) {
    const part = wanted.slice(first, first + QUERIES_PER_REQUEST);
    const { results } = await ask(url, {
      range: { from: 0, to: 1 },
      queries: part.map(({ metric, dimension }, n) => ({
        refId: `${n}`,
        shop,
        metric,
        interval: 'all',
        format: 'table',
        limit: LIMIT,
        ...(dimension === 'total' ? {} : { groupBy: dimension }),
      })),
    });
    part.forEach(({ metric, dimension }, n) => {
      const result = results[`${n}`]!;
      if (result.error) throw new SimulatorError('refused', `The exporter: ${result.error.detail}`);
      const fields = result.frames[0]?.fields ?? [];
      const numbers = fields.at(-1)?.values ?? [];
      const names = dimension === 'total' ? ['all'] : (fields[0]?.values ?? []);
      figures[metric] ??= {};
      figures[metric][dimension] = Object.fromEntries(
        names.map((name, index) => [String(name), Number(numbers[index] ?? 0)]),
      );
    });
  }
  return figures;
}

async function ask(url: string, body: object): Promise<QueryResponse> {
  let response: Response;
  try {
    response = await fetch(new URL('/api/v1/query', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw new SimulatorError(
      'exporter-unreachable',
      `No exporter answers at ${url}. Is it running (npm start)? EXPORTER_URL names another address.`,
      { cause: error },
    );
  }
  if (!response.ok) {
    throw new SimulatorError(
      'refused',
      `The exporter at ${url} answered ${response.status}: ${await response.text()}`,
    );
  }
  return (await response.json()) as QueryResponse;
}
