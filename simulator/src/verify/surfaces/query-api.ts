import {
  ApiError,
  api,
  type Catalog,
  type Frame,
  type MetricQuery,
  overFetch,
  partsOf,
  type QueryRequest,
  type QueryResponse,
  type StoredMetric,
  toCurrencyUnits,
} from '@storepulse/contracts';
import { SimulatorError } from '../../errors.ts';
import { cellKey, type ShownCells } from '../figures.ts';
import { windowKey } from '../window-keys.ts';
import { bearer } from './bearer.ts';
import { type ShopOfFigures, type Span, type Surface, storedMetrics } from './surface.ts';

/** Where the exporter is, and the key that it asks for. */
interface Exporter {
  readonly url: string;
  readonly key: string | undefined;
}

/**
 * Queries of a request, nearly as many as it may have: the exporter reads once for all of them how far counting is. Requests
 * follow each other: two at a time take as long, and others' queries wait for both.
 */
const QUERIES_PER_REQUEST = 48;
/** More values than any dimension of a simulated shop has. */
const LIMIT = 1_000;
/** Measures of which there is 0 where nothing was counted. */
const ADDED_UP: ReadonlySet<StoredMetric['measure']> = new Set(['count', 'sum', 'distinct']);

/**
 * Figures of the exporter's query API: every stored metric, whole and by each of its dimensions.
 * @param url of the exporter
 * @param key of the exporter @default it asks for none
 * @throws {SimulatorError} from reading: `exporter-unreachable`, or `refused` with what it said
 */
export function queryApiSurface(url: string, catalog: Catalog, key?: string): Surface {
  const exporter = { url, key };
  const asked = [...storedMetrics(catalog).values()]
    .flatMap((metric) => ['total', ...metric.dimensions].map((dimension) => ({ metric, dimension })))
    .sort((a, b) => compareText(placeOf(a), placeOf(b)));
  /** In which stored windows it is looked up: a request reads once for all of its queries that have the same. */
  function placeOf({ metric, dimension }: Asked): string {
    return [metric.group, ...partsOf(catalog.dimensions.get(dimension)), dimension].join(' ');
  }
  return {
    name: 'query API',
    tellsGaps: false,
    tells: () => true,
    shows: () => true,
    toShown: ({ unit }, value, { scale }) => (unit === 'money' ? toCurrencyUnits(value, scale) : value),
    // A graph ends now; an event whose clock was ahead is shown when its time has come.
    isAhead: (start) => start > Date.now(),
    read: async (shop, span) => {
      const windows = new Map<string, ShownCells>();
      for (const part of chunks(asked, QUERIES_PER_REQUEST)) {
        const frames = await ask(exporter, shop, span, part);
        part.forEach((query, n) => {
          readFrame(frames[n]!, query, span, shop, windows);
        });
      }
      return windows;
    },
  };
}

interface Asked {
  readonly metric: StoredMetric;
  readonly dimension: string;
}

const compareText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** What the exporter says of a request that asks for more at once than one may: less is asked for then. */
const TOO_COSTLY = 'too_costly';

async function ask(
  exporter: Exporter,
  shopOfFigures: ShopOfFigures,
  span: Span,
  part: readonly Asked[],
): Promise<Frame[]> {
  const { shop } = shopOfFigures;
  const lifetime = span.resolution === 'all';
  const queries = part.map(
    ({ metric, dimension }, n): MetricQuery => ({
      refId: `${n}`,
      shop,
      metric: metric.name,
      interval: span.resolution,
      format: lifetime ? 'table' : 'time_series',
      ...(dimension === 'total' ? {} : { groupBy: dimension, limit: LIMIT }),
    }),
  );
  const answer = await post(exporter, {
    range: lifetime ? { from: 0, to: 1 } : { from: span.from, to: span.to },
    queries,
  });
  const results = answer?.results ?? {};
  const isTooMuch = !answer || Object.values(results).some(({ error }) => error?.code === TOO_COSTLY);
  if (isTooMuch && part.length > 1) {
    const half = Math.ceil(part.length / 2);
    const first = await ask(exporter, shopOfFigures, span, part.slice(0, half));
    return [...first, ...(await ask(exporter, shopOfFigures, span, part.slice(half)))];
  }
  return part.map((_, n) => {
    const result = results[`${n}`];
    if (!result) throw new SimulatorError('refused', `The exporter: one query is ${TOO_COSTLY}`);
    if (result.error) throw new SimulatorError('refused', `The exporter: ${result.error.detail}`);
    return result.frames[0]!;
  });
}

/** A lifetime is a table of a label and a number; a graph has a column of times, then one of numbers for each label. */
function readFrame(
  { fields }: Frame,
  { metric, dimension }: Asked,
  { resolution }: Span,
  { dateOf }: ShopOfFigures,
  windows: Map<string, ShownCells>,
): void {
  const put = (key: string, value: string, figure: string | number | null) => {
    const shown = windows.get(key) ?? new Map();
    windows.set(key, shown);
    // Graphs are filled with nothing where nothing is stored: that is no cell.
    if (figure === null || (figure === 0 && ADDED_UP.has(metric.measure))) return;
    shown.set(cellKey(metric.name, dimension, value), Number(figure));
  };
  if (resolution === 'all') {
    const labels = dimension === 'total' ? ['all'] : fields[0]!.values;
    labels.forEach((label, n) => {
      put('all', String(label), fields.at(-1)!.values[n] ?? null);
    });
    return;
  }
  const [times, ...columns] = fields;
  const keys = times!.values.map((time) => windowKey(resolution, Number(time), dateOf));
  for (const { labels, values } of columns) {
    const label = dimension === 'total' ? 'all' : labels![dimension]!;
    values.forEach((value, n) => {
      put(keys[n]!, label, value);
    });
  }
}

/** The answers; undefined when all of it is more than one request may ask for. */
async function post({ url, key }: Exporter, body: QueryRequest): Promise<QueryResponse | undefined> {
  // What is compared is what is stored, not what an exporter has read earlier.
  const send = overFetch({ fetch, url, headers: { 'cache-control': 'no-cache', ...bearer(key) } });
  try {
    return await send(api.query(body));
  } catch (error) {
    if (error instanceof ApiError) {
      if (error.problem?.code === TOO_COSTLY) return undefined;
      throw new SimulatorError(
        'refused',
        `The exporter at ${url} answered ${error.status}: ${error.message}`,
      );
    }
    throw new SimulatorError(
      'exporter-unreachable',
      `No exporter answers at ${url}. Is it running (npm start)? EXPORTER_URL names another address.`,
      { cause: error },
    );
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}
