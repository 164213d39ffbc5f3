import {
  type Catalog,
  type DimensionSpec,
  partOf,
  SHOP_PATTERN,
  type Shop,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { Type } from 'typebox';
import { ExporterError } from '../errors.ts';
import { monthsBetween } from '../facts/months.ts';
import { unknownShop } from '../query/answer.ts';
import { MAX_WINDOWS } from '../query/reading.ts';
import { LIFETIME_TILE } from '../query/tiles.ts';
import type { MetricStore } from '../store/store.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';

const DEFAULT_LIMIT = 1_000;
const NO_DIMENSION = 'none';

/** `GET /api/v1/dimensions/:name/values`: what a dimension can be filtered by. */
export function dimensionValuesRoute(
  app: App,
  deps: {
    store: MetricStore;
    catalog: Catalog;
    calendarOf: (timeZone: string) => ZoneCalendar;
    now: () => number;
  },
): void {
  const { store, catalog } = deps;
  const groupsOf = (dimension: string) =>
    [...catalog.groups]
      .filter(([, metrics]) => metrics.some((metric) => metric.dimensions.includes(dimension)))
      .map(([group]) => group);

  const valuesOf = async (dimension: DimensionSpec, { shop, timeZone }: Shop): Promise<readonly string[]> => {
    const { name, domain } = dimension;
    const groups = groupsOf(name);
    if (groups.length > 0) return store.dimensionValues(storedIn(dimension, shop, groups));
    // Dimensions of facts alone are not stored: a closed list, or the months that the shop has been open.
    if ('values' in domain) return domain.values;
    const firstDay = await store.firstDay(shop, [...catalog.groups.keys()]);
    return firstDay === null ? [] : monthsBetween(firstDay, deps.now(), deps.calendarOf(timeZone));
  };

  const storedIn = (dimension: DimensionSpec, shop: string, groups: readonly string[]) => ({
    ...{ shop, groups, part: partOf(dimension), dimension: dimension.name },
  });
  /** Whether the lifetimes that values are read from are all stored: one that is not may have more of them. */
  const isComplete = async (dimension: DimensionSpec, { shop }: Shop): Promise<boolean> => {
    const groups = groupsOf(dimension.name);
    if (groups.length === 0) return true;
    const selection = { ...storedIn(dimension, shop, groups), tiles: [LIFETIME_TILE] };
    // What was counted is read first: a lifetime that is merged between both reads is stored.
    const counted = await store.counted(selection);
    // Of the documents only the heads are read: no dimension has this name.
    const stored = await store.windows({ ...selection, dimension: NO_DIMENSION }, MAX_WINDOWS);
    const known = new Set(stored.map(({ id }) => id));
    return [...counted.keys()].every((id) => known.has(id));
  };

  app.get(
    '/api/v1/dimensions/:name/values',
    {
      schema: {
        summary: 'List the values of a dimension that a shop has had',
        tags: ['query'],
        params: Type.Object({ name: Type.String({ maxLength: 60 }) }),
        querystring: Type.Object({
          shop: Type.String({ pattern: SHOP_PATTERN }),
          prefix: Type.Optional(Type.String({ maxLength: 128, description: 'case does not matter' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: DEFAULT_LIMIT })),
        }),
        response: {
          200: Type.Object({
            values: Type.Array(Type.String()),
            complete: Type.Boolean({
              description: 'false while windows are counted and not merged yet: they may have more values',
            }),
          }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const { shop, prefix = '', limit = DEFAULT_LIMIT } = request.query;
      const dimension = catalog.dimensions.get(request.params.name);
      if (!dimension) {
        const known = [...catalog.dimensions.keys()].join(', ');
        throw new ExporterError(
          'unknown_dimension',
          `"${request.params.name}" is no dimension; there are ${known}`,
        );
      }
      const shops = await store.shops();
      const known = shops.find((each) => each.shop === shop);
      if (!known) throw unknownShop(shop, shops);
      // Completeness first: lifetimes that were stored then are among those that the values are read from.
      const complete = await isComplete(dimension, known);
      const values = await valuesOf(dimension, known);
      const wanted = prefix.toLowerCase();
      return {
        values: values
          .filter((value) => value.toLowerCase().startsWith(wanted))
          .sort((a, b) => a.localeCompare(b, 'en'))
          .slice(0, limit),
        complete,
      };
    },
  );
}
