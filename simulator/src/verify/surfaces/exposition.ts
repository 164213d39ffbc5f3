import { type Catalog, type StoredMetric, toCurrencyUnits } from '@storepulse/contracts';
import { SimulatorError } from '../../errors.ts';
import { emptyBook, type Facet, facetOf, mergeFacets, type Tally } from '../../ledger/book.ts';
import { cellKey, type Histogram, type ShownCells } from '../figures.ts';
import { bearer } from './bearer.ts';
import { type ExpectedCells, type Surface, storedMetrics } from './surface.ts';

/** Value that the exporter shows for all that does not fit into the budget of series. */
const REST = 'other';
/** Measures that Prometheus can work with; distributions become histograms. */
const EXPOSED: ReadonlySet<StoredMetric['measure']> = new Set(['count', 'sum', 'distinct', 'distribution']);

/** One line of an exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Figures of the exporter's `/metrics`: since the shop's first event, whole and by the dimensions that have series.
 * @param url of the exporter
 * @param key of the exporter @default it asks for none
 * @throws {SimulatorError} from reading: `exporter-unreachable`, `refused`
 */
export async function expositionSurface(url: string, catalog: Catalog, key?: string): Promise<Surface> {
  const metrics = storedMetrics(catalog);
  // Which dimensions have series is the exporter's choice: what it shows of any metric, it must show of all.
  const names = (await scrape(url, key)).map(({ name }) => name);
  const dimensions = new Set(
    [...catalog.dimensions.keys()].filter((dimension) =>
      names.some((name) => name.includes(`_by_${dimension}`)),
    ),
  );

  /** Metrics with the dimensions of which, going by the last scrape, not all series fit into the budget. */
  let dropped: ReadonlySet<string> = new Set();
  return {
    name: '/metrics',
    tellsGaps: false,
    tells: (resolution) => resolution === 'all',
    // A visit can move from one value to another, and its time to a purchase can change: neither has such series.
    shows: ({ measure, source }, dimension) => {
      if (!EXPOSED.has(measure)) return false;
      const ofVisits = source.from === 'session';
      if (measure === 'distribution') return dimension === 'total' && !ofVisits;
      return dimension === 'total' || (!ofVisits && dimensions.has(dimension));
    },
    toShown: ({ unit }, value, { scale }) => {
      if (unit === 'money') return toCurrencyUnits(value, scale);
      return unit === 'milliseconds' ? value / 1_000 : value;
    },
    read: async ({ shop }) => {
      const all = await scrape(url, key);
      dropped = new Set(
        all
          .filter(({ name }) => name === 'storepulse_series_dropped')
          .map(({ labels: { metric = '', dimension = '' } }) => `${metric}|${dimension}`),
      );
      const samples = Map.groupBy(
        all.filter(({ labels }) => labels.shop === shop),
        ({ name }) => name,
      );
      const shown: ShownCells = new Map();
      for (const metric of metrics.values()) {
        if (metric.measure === 'distribution') {
          const histogram = histogramOf(metric, samples);
          if (histogram) shown.set(cellKey(metric.name, 'total', 'all'), histogram);
          continue;
        }
        for (const dimension of ['total', ...metric.dimensions]) {
          const family = familyNames(metric.name, dimension, metric.unit).find((name) => samples.has(name));
          for (const { labels, value } of (family && samples.get(family)) || []) {
            shown.set(cellKey(metric.name, dimension, labels[dimension] ?? 'all'), value);
          }
        }
      }
      return new Map([['all', shown]]);
    },
    summarise: (expected, shown) => summarise(expected, shown, dropped),
  };
}

/** The histogram of a distribution, its bounds in the unit that is shown; undefined when there is none. */
function histogramOf(
  { name, unit }: StoredMetric,
  samples: ReadonlyMap<string, readonly Sample[]>,
): Histogram | undefined {
  const [family] = familyNames(name, 'total', unit);
  const count = samples.get(`${family}_count`)?.[0]?.value;
  if (count === undefined) return undefined;
  const buckets = (samples.get(`${family}_bucket`) ?? []).flatMap(({ labels: { le }, value }) =>
    le === undefined || le === '+Inf' ? [] : [[Number(le), value] as const],
  );
  return { count, buckets };
}

/**
 * Where a breakdown shows a rest, everything that it does not name must be in that; where the budget has no place for
 * it, nothing need be shown.
 */
function summarise(expected: ExpectedCells, shown: ShownCells, dropped: ReadonlySet<string>): ExpectedCells {
  const result: ExpectedCells = new Map();
  const rests = new Map<string, Facet>();
  for (const [key, tally] of expected) {
    const [metric, dimension] = key.split('|') as [string, string];
    const rest = cellKey(metric, dimension, REST);
    if (shown.has(key) && key !== rest) result.set(key, tally);
    else if (shown.has(rest)) addTo(rests, rest, tally);
    else if (!dropped.has(`${metric}|${dimension}`)) result.set(key, tally);
  }
  for (const [key, facet] of rests) result.set(key, facet.get(REST)!);
  return result;
}

function addTo(rests: Map<string, Facet>, key: string, tally: Tally): void {
  const facet = rests.get(key) ?? facetOf(emptyBook().main, '', '');
  rests.set(key, facet);
  mergeFacets(facet, new Map([[REST, tally]]));
}

/** What a metric may be called in an exposition: a counter's name ends in `_total`. */
function familyNames(metric: string, dimension: string, unit: StoredMetric['unit']): string[] {
  const by = dimension === 'total' ? '' : `_by_${dimension}`;
  const name = `storepulse_${metric}${by}${unit === 'milliseconds' ? '_seconds' : ''}`;
  return [name, `${name}_total`];
}

async function scrape(url: string, key: string | undefined): Promise<Sample[]> {
  let response: Response;
  try {
    response = await fetch(new URL('/metrics', url), { headers: bearer(key) });
  } catch (error) {
    throw new SimulatorError(
      'exporter-unreachable',
      `No exporter answers at ${url}. Is it running (npm start)? EXPORTER_URL names another address.`,
      { cause: error },
    );
  }
  if (!response.ok) {
    throw new SimulatorError('refused', `The exporter at ${url} answered ${response.status} on /metrics`);
  }
  return parseExposition(await response.text());
}

/** The samples of a text in Prometheus' format; comments are passed over. */
export function parseExposition(text: string): Sample[] {
  return text.split('\n').flatMap((line): Sample[] => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!match) return [];
    const [, name, labels = '', value] = match;
    // A label's value is in JSON's quotes, with JSON's escapes of quote, backslash and line feed.
    const pairs = [...labels.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)];
    return [
      {
        name: name!,
        labels: Object.fromEntries(pairs.map(([, label, quoted]) => [label!, JSON.parse(quoted!) as string])),
        value: Number(value),
      },
    ];
  });
}
