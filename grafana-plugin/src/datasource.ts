import {
  type AdHocVariableFilter,
  type CoreApp,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceGetDrilldownsApplicabilityOptions,
  type DataSourceGetTagKeysOptions,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  type DataSourceWithLogsContextSupport,
  type DataSourceWithQueryModificationSupport,
  type DataSourceWithSupplementaryQueriesSupport,
  type DataSourceWithToggleableQueryFiltersSupport,
  type DrilldownsApplicability,
  type GetTagResponse,
  type LogRowContextOptions,
  type LogRowModel,
  type MetricFindValue,
  type QueryFilterOptions,
  type QueryFixAction,
  type ScopedVars,
  type SupplementaryQueryOptions,
  SupplementaryQueryType,
  type TestDataSourceResponse,
  type ToggleFilterAction,
} from '@grafana/data';
import { type BackendSrv, getBackendSrv, getTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import type { VariableKind } from '@grafana/schema/apis/dashboard.grafana.app/v2beta1';
import { migrateQuery, QUERY_VERSION } from '@storepulse/contracts/grafana/migrate-query';
import { hasPart, metricsOf } from '@storepulse/contracts/grafana/query-types';
import { from, type Observable, of, switchMap } from 'rxjs';
import { annotationSupport } from './annotations/annotationSupport';
import { askAnnotations } from './annotations/askAnnotations';
import type { Catalog } from './api/catalog';
import { type ApiClient, createApiClient } from './api/client';
import { describeFailure } from './api/describeFailure';
import { askPanel } from './ask/askPanel';
import { checkHealth } from './checkHealth';
import type { LinkTarget } from './frames/linkToExplore';
import { askContext } from './logs/askContext';
import { volumeQuery, volumeRequest } from './logs/volume';
import { DEFAULT_QUERY } from './query/defaultQuery';
import { describeQuery } from './query/describeQuery';
import { readVariables } from './query/readVariables';
import { type ResolveContext, resolveQuery } from './query/resolveQuery';
import { addFilter, type FilteredValue, hasFilter, toggleFilter } from './query/toggleFilter';
import { isAnnotationQuery, type StorepulseOptions, type StorepulseQuery } from './types';
import { judgeFilters } from './values/judgeFilters';
import { listGroupByKeys, listTagKeys } from './values/listTagKeys';
import { listTagValues } from './values/listTagValues';
import { defaultVariables } from './variables/defaultVariables';
import { createVariableSupport } from './variables/variableSupport';

/** Grafana services that the data source uses. */
export interface DataSourceServices {
  backendSrv: BackendSrv;
  templateSrv: TemplateSrv;
}

/** Changes of a query that Explore may ask for. */
const MODIFICATIONS = ['ADD_FILTER', 'ADD_FILTER_OUT'];

/** The Storepulse data source: each method hands over to a function of its own file. */
export class DataSource
  extends DataSourceApi<StorepulseQuery, StorepulseOptions>
  implements
    DataSourceWithLogsContextSupport<StorepulseQuery>,
    DataSourceWithToggleableQueryFiltersSupport<StorepulseQuery>,
    DataSourceWithQueryModificationSupport<StorepulseQuery>,
    DataSourceWithSupplementaryQueriesSupport<StorepulseQuery>
{
  readonly api: ApiClient;
  readonly templateSrv: TemplateSrv;
  readonly defaultShop: string | undefined;
  private readonly apiUrl: string | undefined;
  private readonly defaultInterval: StorepulseOptions['defaultInterval'];

  constructor(
    settings: DataSourceInstanceSettings<StorepulseOptions>,
    { backendSrv, templateSrv }: DataSourceServices = {
      backendSrv: getBackendSrv(),
      templateSrv: getTemplateSrv(),
    },
  ) {
    super(settings);
    this.api = createApiClient({
      baseUrl: settings.url ?? '',
      fetch: (options) => backendSrv.fetch(options),
      chunked: (options) => backendSrv.chunked(options),
      incremental: settings.jsonData.incrementalQuerying !== false,
    });
    this.templateSrv = templateSrv;
    this.defaultShop = settings.jsonData.defaultShop || undefined;
    this.apiUrl = settings.jsonData.apiUrl;
    this.defaultInterval = settings.jsonData.defaultInterval;
    this.variables = createVariableSupport(this);
    this.annotations = annotationSupport;
  }

  /** What queries are resolved by, with the catalogue as far as it has been read. */
  resolveContext(
    scopedVars: ScopedVars = {},
    adHocFilters: readonly AdHocVariableFilter[] = [],
  ): ResolveContext {
    return {
      readText: readVariables(this.templateSrv, scopedVars),
      adHocFilters,
      catalog: this.api.peekCatalog(),
      defaultShop: this.defaultShop,
    };
  }

  override getDefaultQuery(_app: CoreApp): Partial<StorepulseQuery> {
    // Without a default shop, a new query begins with the first one, so that it answers at once.
    const [first] = this.defaultShop ? [] : (this.api.peekCatalog()?.shops ?? []);
    return {
      ...DEFAULT_QUERY,
      ...(this.defaultInterval ? { interval: this.defaultInterval } : {}),
      ...(first ? { shop: first.shop } : {}),
    };
  }

  override filterQuery(query: StorepulseQuery): boolean {
    return isAnnotationQuery(query) || !hasPart(query, 'metric') || metricsOf(query).length > 0;
  }

  override getQueryDisplayText(query: StorepulseQuery): string {
    return describeQuery(query, this.api.peekCatalog());
  }

  /** What Explore is handed: the queries as the panel asks them, ad hoc filters among them. */
  override interpolateVariablesInQueries(
    queries: StorepulseQuery[],
    scopedVars: ScopedVars,
    filters?: AdHocVariableFilter[],
  ): StorepulseQuery[] {
    const context = this.resolveContext(scopedVars, filters);
    return queries.map((query) => ({ ...resolveQuery(query, context).query, datasource: this.getRef() }));
  }

  /** The same for one query: what callers of data sources with a backend know it by. */
  applyTemplateVariables(
    query: StorepulseQuery,
    scopedVars: ScopedVars,
    filters?: AdHocVariableFilter[],
  ): StorepulseQuery {
    return this.interpolateVariablesInQueries([query], scopedVars, filters)[0]!;
  }

  query(request: DataQueryRequest<StorepulseQuery>): Observable<DataQueryResponse> {
    const targets = request.targets.filter((target) => !target.hide && this.filterQuery(target));
    if (targets.length === 0) {
      return of({ data: [] });
    }
    // Grafana asks for annotations in requests of their own.
    const annotations = targets.filter(isAnnotationQuery);
    if (annotations.length > 0) {
      const { readText, defaultShop } = this.resolveContext(request.scopedVars);
      return from(askAnnotations(annotations, request, this.api, { readText, defaultShop }));
    }
    return from(this.knownCatalog()).pipe(
      switchMap(() =>
        askPanel(
          { ...request, targets },
          {
            ...this.resolveContext(request.scopedVars, request.filters),
            groupByKeys: request.groupByKeys,
          },
          { api: this.api, source: this.getTarget() },
        ),
      ),
    );
  }

  /** Log details in Explore: filter for a value, or it out, and back. */
  toggleQueryFilter(query: StorepulseQuery, { type, options }: ToggleFilterAction): StorepulseQuery {
    return toggleFilter(migrateQuery(query), filteredValue(options), type === 'FILTER_FOR' ? 'in' : 'not_in');
  }

  queryHasFilter(query: StorepulseQuery, options: QueryFilterOptions): boolean {
    return hasFilter(query, filteredValue(options));
  }

  /** Cells of tables in Explore. */
  override modifyQuery(query: StorepulseQuery, { type, options }: QueryFixAction): StorepulseQuery {
    return MODIFICATIONS.includes(type) && options
      ? addFilter(migrateQuery(query), filteredValue(options), type === 'ADD_FILTER' ? 'in' : 'not_in')
      : query;
  }

  getSupportedQueryModifications(): string[] {
    return MODIFICATIONS;
  }

  getSupportedSupplementaryQueryTypes(): SupplementaryQueryType[] {
    return [SupplementaryQueryType.LogsVolume];
  }

  /** Explore's bars above a log, counted by the exporter. */
  getSupplementaryRequest(
    type: SupplementaryQueryType,
    request: DataQueryRequest<StorepulseQuery>,
  ): DataQueryRequest<StorepulseQuery> | undefined {
    return volumeRequest(type, request);
  }

  getSupplementaryQuery(
    options: SupplementaryQueryOptions,
    query: StorepulseQuery,
  ): StorepulseQuery | undefined {
    return volumeQuery(options, query);
  }

  /** What happened in the shop before and after an event of a log. */
  async getLogRowContext(
    row: LogRowModel,
    { direction, limit, scopedVars }: LogRowContextOptions = {},
    query?: StorepulseQuery,
  ): Promise<DataQueryResponse> {
    const shop = this.shopOf(query, scopedVars);
    return shop === undefined
      ? { data: [] }
      : askContext({ shop, row, direction, limit }, { api: this.api, source: this.getTarget() });
  }

  /** The query beside it: the events of the shop, whatever the line's own query was filtered by. */
  async getLogRowContextQuery(
    _row: LogRowModel,
    { scopedVars }: LogRowContextOptions = {},
    query?: StorepulseQuery,
  ): Promise<StorepulseQuery | null> {
    const shop = this.shopOf(query, scopedVars);
    return shop === undefined
      ? null
      : { refId: query?.refId ?? 'A', version: QUERY_VERSION, queryType: 'events', shop };
  }

  /** The shop that a query asks; undefined where it can't be asked. */
  private shopOf(query: StorepulseQuery | undefined, scopedVars?: ScopedVars): string | undefined {
    const resolved = query && resolveQuery(query, this.resolveContext(scopedVars));
    return resolved?.kind === 'ready' ? resolved.asked.shop : this.defaultShop;
  }

  private getTarget(): LinkTarget {
    return { uid: this.uid, name: this.name };
  }

  testDatasource(): Promise<TestDataSourceResponse> {
    return checkHealth(this.api, { apiUrl: this.apiUrl, defaultShop: this.defaultShop });
  }

  override getTagKeys({
    queries = [],
  }: Partial<DataSourceGetTagKeysOptions<StorepulseQuery>> = {}): Promise<GetTagResponse> {
    return tagResponse(async () => listTagKeys(await this.api.catalog(), this.resolved(queries)));
  }

  /** What a dashboard can be grouped by: what some of its queries can be split by. */
  override getGroupByKeys({
    queries = [],
  }: Partial<DataSourceGetTagKeysOptions<StorepulseQuery>> = {}): Promise<GetTagResponse> {
    return tagResponse(async () => listGroupByKeys(await this.api.catalog(), this.resolved(queries)));
  }

  /** A new dashboard begins with a choice of the shop, and filters. */
  override async getDefaultVariables(): Promise<VariableKind[]> {
    return defaultVariables(this);
  }

  override getTagValues(
    options: Pick<DataSourceGetTagValuesOptions<StorepulseQuery>, 'key'> &
      Partial<DataSourceGetTagValuesOptions<StorepulseQuery>>,
  ): Promise<GetTagResponse> {
    return tagResponse(async () => {
      await this.knownCatalog();
      return listTagValues(options, this.resolved(options.queries ?? []), this.api, this.defaultShop);
    });
  }

  /** Tells the dashboard which ad hoc filters do nothing to its queries, and why. */
  override async getDrilldownsApplicability({
    filters = [],
    queries = [],
  }: DataSourceGetDrilldownsApplicabilityOptions<StorepulseQuery> = {}): Promise<DrilldownsApplicability[]> {
    await this.knownCatalog();
    return judgeFilters(filters, queries, this.resolveContext({}, filters));
  }

  private resolved(queries: StorepulseQuery[]): StorepulseQuery[] {
    const context = this.resolveContext();
    return queries.map((query) => resolveQuery(query, context).query);
  }

  /** The catalogue; without it queries are asked all the same, and the exporter says what is wrong. */
  private async knownCatalog(): Promise<Catalog | undefined> {
    return this.api.catalog().catch(() => undefined);
  }
}

function filteredValue({ key = '', value = '' }: QueryFilterOptions): FilteredValue {
  return { key, value };
}

async function tagResponse(list: () => Promise<MetricFindValue[]>): Promise<GetTagResponse> {
  try {
    return { data: await list() };
  } catch (error) {
    return { data: [], error: { message: describeFailure(error) } };
  }
}
