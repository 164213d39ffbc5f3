import {
  type CoreApp,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceGetTagKeysOptions,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  LoadingState,
  type MetricFindValue,
  type ScopedVars,
  type TestDataSourceResponse,
} from '@grafana/data';
import { type BackendSrv, getBackendSrv, getTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import { catchError, from, map, type Observable, of, switchMap } from 'rxjs';
import type { Catalog } from './api/catalog';
import { type ApiClient, createApiClient } from './api/client';
import { describeFailure } from './api/describeFailure';
import { checkHealth } from './checkHealth';
import { toResponse } from './frames/toResponse';
import { listTagKeys } from './listTagKeys';
import { DEFAULT_QUERY } from './query/defaultQuery';
import { describeQuery } from './query/describeQuery';
import { interpolateQuery } from './query/interpolateQuery';
import { prepareRequest } from './query/prepareRequest';
import type { StorepulseOptions, StorepulseQuery } from './types';
import { createVariableSupport } from './variables/variableSupport';

/** Grafana services that the data source uses. */
export interface DataSourceServices {
  backendSrv: BackendSrv;
  templateSrv: TemplateSrv;
}

/** The Storepulse data source: each method hands over to a function of its own file. */
export class DataSource extends DataSourceApi<StorepulseQuery, StorepulseOptions> {
  readonly api: ApiClient;
  readonly templateSrv: TemplateSrv;
  readonly defaultShop: string | undefined;

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
    });
    this.templateSrv = templateSrv;
    this.defaultShop = settings.jsonData.defaultShop || undefined;
    this.variables = createVariableSupport(this);
  }

  override getDefaultQuery(_app: CoreApp): Partial<StorepulseQuery> {
    return DEFAULT_QUERY;
  }

  override filterQuery(query: StorepulseQuery): boolean {
    return Boolean(query.metric);
  }

  override getQueryDisplayText(query: StorepulseQuery): string {
    return describeQuery(query);
  }

  override interpolateVariablesInQueries(
    queries: StorepulseQuery[],
    scopedVars: ScopedVars,
  ): StorepulseQuery[] {
    return queries.map((query) => ({
      ...interpolateQuery(query, this.templateSrv, scopedVars),
      datasource: this.getRef(),
    }));
  }

  /** Answers all queries of a panel with one request. */
  query(request: DataQueryRequest<StorepulseQuery>): Observable<DataQueryResponse> {
    const targets = request.targets.filter((target) => !target.hide && this.filterQuery(target));
    if (targets.length === 0) {
      return of({ data: [] });
    }
    const catalog: Observable<Catalog | undefined> = request.filters?.length
      ? from(this.api.catalog())
      : of(undefined);
    return catalog.pipe(
      map((known) =>
        prepareRequest(
          { ...request, targets },
          { templateSrv: this.templateSrv, defaultShop: this.defaultShop, catalog: known },
        ),
      ),
      switchMap(({ body, options, errors }) => {
        const answer = body.queries.length > 0 ? this.api.query(body) : of({ results: {} });
        return answer.pipe(map((results) => toResponse(results, options, errors)));
      }),
      catchError((error: unknown) => {
        const message = describeFailure(error);
        const errors = targets.map(({ refId }) => ({ refId, message }));
        return of({ data: [], errors, state: LoadingState.Error });
      }),
    );
  }

  testDatasource(): Promise<TestDataSourceResponse> {
    return checkHealth(this.api, this.defaultShop);
  }

  override async getTagKeys({
    queries = [],
  }: Partial<DataSourceGetTagKeysOptions<StorepulseQuery>> = {}): Promise<MetricFindValue[]> {
    return listTagKeys(await this.api.catalog(), queries);
  }

  override async getTagValues({
    key,
    queries = [],
  }: Pick<DataSourceGetTagValuesOptions<StorepulseQuery>, 'key' | 'queries'>): Promise<MetricFindValue[]> {
    const shop = queries.find((query) => query.shop)?.shop ?? this.defaultShop;
    return shop ? this.listValues(key, this.templateSrv.replace(shop)) : [];
  }

  private async listValues(dimension: string, shop: string): Promise<MetricFindValue[]> {
    const values = await this.api.dimensionValues({ dimension, shop });
    return values.map((value) => ({ text: value }));
  }
}
