import {
  type Catalog,
  DEFAULT_FACTS,
  FactsRequest,
  FactsResponse,
  type StoredMetric,
  timeDimensions,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { Answering } from '../query/answering.ts';
import { COST_OF_ROWS } from '../query/cost.ts';
import { readListRange } from '../query/read-time.ts';
import { depthFilters } from '../query/resolve.ts';
import { readCursor, writeCursor } from '../records/cursor.ts';
import type { MetricStore } from '../store/store.ts';
import { clientGone } from './client-gone.ts';
import { findShop } from './find-shop.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';

/** What the route depends on. */
export interface FactsRouteDeps {
  readonly store: MetricStore;
  readonly catalog: Catalog;
  readonly answering: Answering;
  readonly calendarOf: (timeZone: string) => ZoneCalendar;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
}

/** Windows are of ten seconds at least, so figures are exact to that. */
const FINEST = 10_000;

/** `POST /api/v1/query/facts`: the events or visits that a figure is made of. */
export function factsRoute(app: App, { store, catalog, answering, calendarOf, now }: FactsRouteDeps): void {
  const { allowances, admission, deps } = answering;
  app.post(
    '/api/v1/query/facts',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List the facts behind a figure',
        description:
          'The events or visits that a stored metric counts in a range, however filtered, page by page, read from the lake. All pages together are the ' +
          'figure: of counts and sums `adds` adds up to `total.value`. What can tell a person is not in them.',
        tags: ['query'],
        body: FactsRequest,
        response: { 200: FactsResponse, default: Problem },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const allowance = allowances.begin(clientGone(reply));
      try {
        const shop = await findShop(store, request.caller, body.shop);
        const { depth } = deps;
        if (!depth)
          throw new ExporterError(
            'depth_off',
            'facts behind figures are read from the lake: switch that on with npm start -- --with lake, or EXPORTER_DEPTH_MB',
          );
        const { metric, parts } = partOf(catalog, body, depth.tables);
        const calendar = calendarOf(shop.timeZone);
        const asked = readListRange(body.range, now(), {
          calendar,
          weekStart: shop.weekStart,
        });
        const range = {
          from: Math.floor(asked.from / FINEST) * FINEST,
          to: Math.ceil(asked.to / FINEST) * FINEST,
        };
        const filters = body.filters ?? [];
        const scope = { shop: shop.shop, sort: `facts of ${metric.name}` };
        const question = {
          ...{ shop: shop.shop, metric, range, calendar, limit: body.limit ?? DEFAULT_FACTS },
          filters: depthFilters(catalog, filters),
          after: body.cursor === undefined ? undefined : placeOf(readCursor(body.cursor, scope)),
        };
        // Its reach is read before its rows: rows that come in between are more than it promises.
        const state = await depth.current(allowance.signal);
        const page = await admission.admit(COST_OF_ROWS, allowance.signal, () =>
          depth.facts(question, allowance.signal),
        );
        const { next } = page;
        return {
          ...{ part: metric.name, parts: parts.map(({ name }) => name) },
          measure: metric.measure as FactsResponse['measure'],
          total: page.total,
          facts: page.facts as FactsResponse['facts'],
          next: next ? writeCursor(scope, { value: next.instant, id: String(next.place) }) : null,
          ...{ scale: shop.scale, currency: shop.currency },
          until: state.until.get(shop.shop) ?? 0,
        };
      } finally {
        allowance.end();
      }
    },
  );
}

function placeOf({ value, id }: { value: string | number | null; id: string }) {
  if (typeof value !== 'number' || !/^\d{1,19}$/.test(id))
    throw new ExporterError(
      'invalid_request',
      '"cursor" is none that was answered: take "next" of the page before',
    );
  return { instant: value, place: BigInt(id) };
}

type Tables = NonNullable<Answering['deps']['depth']>['tables'];

/** The stored metric whose rows are asked for. */
function partOf(
  catalog: Catalog,
  { metric: name, part, filters = [] }: FactsRequest,
  tables: Tables,
): { metric: StoredMetric; parts: readonly StoredMetric[] } {
  const metric = catalog.metrics.get(name);
  if (!metric)
    throw new ExporterError('unknown_metric', `"${name}" is no metric; GET /api/v1/catalog lists them all`);
  const parts = catalog.partsOf(metric).filter((each): each is StoredMetric => each.kind === 'stored');
  const names = parts.map((each) => each.name);
  const wanted = part === undefined ? parts[0] : parts.find((each) => each.name === part);
  if (!wanted && parts.length > 0)
    throw new ExporterError('invalid_request', `"part" is one of ${names.join(', ')}, not "${part}"`);
  const table = wanted && tables.tableOf(wanted.name);
  if (!table) throw new ExporterError('invalid_request', `the lake has no rows of ${name}`);
  const own = tables.dimensionsOfTable(table);
  for (const { dimension } of filters) {
    if (own.includes(dimension)) continue;
    const instead = timeDimensions.has(dimension)
      ? 'give a range for each of its hours instead'
      : `they tell ${own.join(', ')}`;
    throw new ExporterError(
      'dimension_not_of_metric',
      `rows of ${wanted.name} do not tell ${dimension}: ${instead}`,
    );
  }
  return { metric: wanted, parts };
}
