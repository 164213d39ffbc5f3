import {
  type Catalog,
  DEFAULT_VALUES,
  type DimensionSpec,
  DimensionValuesQuery,
  DimensionValuesResponse,
  depthDimensions,
  partsOf,
  QueryFilter,
  type Shop,
  timeDimensions,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { shopsFor } from '@storepulse/http';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { ExporterError } from '../errors.ts';
import { monthsBetween } from '../facts/months.ts';
import { unknownShop } from '../query/answer.ts';
import type { Answering } from '../query/answering.ts';
import { type ReadyFilter, readFilter } from '../query/filters.ts';
import { MAX_WINDOWS } from '../query/reading.ts';
import type { Tile } from '../query/tiles.ts';
import { valueWindows } from '../query/value-windows.ts';
import type { MetricStore } from '../store/store.ts';
import type { Steps } from '../work/pacer.ts';
import { clientGone } from './client-gone.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';

const Filters = Type.Array(QueryFilter, { maxItems: 10 });

/** `GET /api/v1/dimensions/:name/values`: what a dimension can be filtered by. */
export function dimensionValuesRoute(
  app: App,
  deps: {
    store: MetricStore;
    catalog: Catalog;
    answering: Answering;
    calendarOf: (timeZone: string) => ZoneCalendar;
    now: () => number;
  },
): void {
  const { store, catalog } = deps;
  const { allowances, deps: computing } = deps.answering;
  const groupsOf = (dimension: string) =>
    [...catalog.groups]
      .filter(([, metrics]) => metrics.some((metric) => metric.dimensions.includes(dimension)))
      .map(([group]) => group);

  const valuesOf = async (
    dimension: DimensionSpec,
    { shop, timeZone }: Shop,
    tiles: readonly Tile[],
    signal: AbortSignal,
  ): Promise<readonly string[]> => {
    const { name, domain } = dimension;
    // Rows of the lake tell it, whatever the range is.
    if (!catalog.dimensions.has(name) && depthDimensions.has(name))
      return computing.depth!.dimensionValues(shop, name, signal);
    const groups = groupsOf(name);
    if (groups.length > 0) return store.dimensionValues({ ...storedIn(dimension, shop, groups), tiles });
    // Dimensions of facts alone are not stored: a closed list, or the months that the shop has been open.
    if ('values' in domain) return domain.values;
    const firstDay = await store.firstDay(shop, [...catalog.groups.keys()]);
    return firstDay === null ? [] : monthsBetween(firstDay, deps.now(), deps.calendarOf(timeZone));
  };

  const storedIn = (dimension: DimensionSpec, shop: string, groups: readonly string[]) => ({
    ...{ shop, groups, parts: partsOf(dimension), dimension: dimension.name },
  });
  /** Whether the windows that values are read from are all stored: one that is not may have more of them. */
  const isComplete = async (
    dimension: DimensionSpec,
    { shop }: Shop,
    tiles: readonly Tile[],
  ): Promise<boolean> => {
    const groups = groupsOf(dimension.name);
    if (groups.length === 0 || tiles.length === 0) return true;
    const selection = { ...storedIn(dimension, shop, groups), tiles };
    // What was counted is read first: a window that is merged between both reads is stored.
    const counted = await store.counted(selection);
    const known = new Set(await store.windowIds(selection, MAX_WINDOWS));
    return [...counted.keys()].every((id) => known.has(id));
  };

  app.get(
    '/api/v1/dimensions/:name/values',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List the values of a dimension that a shop has had',
        tags: ['query'],
        params: Type.Object({ name: Type.String({ maxLength: 60 }) }),
        querystring: DimensionValuesQuery,
        response: { 200: DimensionValuesResponse, default: Problem },
      },
    },
    async (request, reply) => {
      const { shop, prefix = '', contains = '', from, to, limit = DEFAULT_VALUES } = request.query;
      const { name } = request.params;
      const ofRows = computing.depth && depthDimensions.get(name);
      const dimension = timeDimensions.get(name) ?? catalog.dimensions.get(name) ?? ofRows;
      if (!dimension) {
        const known = [...catalog.dimensions.keys(), ...timeDimensions.keys()].join(', ');
        throw new ExporterError('unknown_dimension', `"${name}" is no dimension; there are ${known}`);
      }
      const filters = readFilters(request.query.filters);
      const own = filters.filter((filter) => filter.dimension === dimension.name);
      const keep = own.map(readFilter);
      const shops = shopsFor(request.caller, await store.shops());
      const known = shops.find((each) => each.shop === shop);
      if (!known) throw unknownShop(shop, shops);
      const tiles = valueWindows(rangeOf(from, to), {
        shop: known,
        calendar: deps.calendarOf(known.timeZone),
        now: deps.now(),
      });
      // Completeness first: windows that were stored then are among those that the values are read from.
      const complete = await isComplete(dimension, known, tiles);
      const part = contains.toLowerCase();
      const allowance = allowances.begin(clientGone(reply));
      const find = async () => {
        const values = await valuesOf(dimension, known, tiles, allowance.signal);
        const narrowing = narrowed(values, { start: prefix.toLowerCase(), part, filters: keep });
        return computing.pacer.run(narrowing, allowance);
      };
      const found = await find().finally(allowance.end);
      const rank = (value: string) => (value.toLowerCase().startsWith(part) ? 0 : 1);
      const hasOrder = dimension.ordered && 'values' in dimension.domain;
      const byName = (a: string, b: string) => (hasOrder ? 0 : a.localeCompare(b, 'en'));
      const listed = found.sort((a, b) => rank(a) - rank(b) || byName(a, b)).slice(0, limit);
      const names = dimension.namedBy && (await store.productNames(shop, listed));
      return {
        values: listed,
        ...(names ? { names: Object.fromEntries(names) } : {}),
        total: found.length,
        complete,
        ignoredFilters: [
          ...new Set(filters.filter((filter) => !own.includes(filter)).map((filter) => filter.dimension)),
        ],
      };
    },
  );
}

/** Values between two places to rest: a pattern may take a millisecond for one. */
const VALUES_PER_STEP = 8;

/** The values that begin with a text, have another one in them, and are kept by all filters. */
function* narrowed(
  values: readonly string[],
  { start, part, filters }: { start: string; part: string; filters: readonly ReadyFilter[] },
): Steps<string[]> {
  const found: string[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const text = value.toLowerCase();
    if (text.startsWith(start) && text.includes(part) && filters.every(({ keeps }) => keeps(value)))
      found.push(value);
    if (i % VALUES_PER_STEP === 0) yield;
  }
  return found;
}

function rangeOf(from: number | undefined, to: number | undefined) {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined)
    throw new ExporterError('invalid_range', '"from" and "to" go together (epoch ms): give both, or neither');
  return { from, to };
}

function readFilters(text: string | undefined): QueryFilter[] {
  if (text === undefined) return [];
  const filters = parseJson(text);
  if (!Value.Check(Filters, filters)) {
    throw new ExporterError(
      'invalid_request',
      '"filters" must be a JSON list such as [{"dimension":"country","operator":"in","values":["France"]}]',
    );
  }
  return filters;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
