import type { QueryEditorProps } from '@grafana/data';
import { Stack } from '@grafana/ui';
import type { DataSource } from '../datasource';
import { changeMetric } from '../query/changeMetric';
import { isOfTime, ownDimension } from '../query/ownDimension';
import { resolveQuery } from '../query/resolveQuery';
import type { StorepulseOptions, StorepulseQuery } from '../types';
import { AnswerFields } from './AnswerFields';
import { FilterList } from './FilterList';
import { listFilterValues } from './listFilterValues';
import { MetricDefinition } from './MetricDefinition';
import { MetricField } from './MetricField';
import { ShopField } from './ShopField';
import { SplitFields } from './SplitFields';
import type { CatalogState } from './useCatalog';
import { variableOptions } from './variableOptions';

interface Props extends Pick<QueryEditorProps<DataSource, StorepulseQuery, StorepulseOptions>, 'range'> {
  datasource: DataSource;
  /** In today's shape. */
  query: StorepulseQuery;
  catalogState: Pick<CatalogState, 'catalog' | 'loading'>;
  /** Called with another query, which is to be run. */
  onChange: (query: StorepulseQuery) => void;
}

/**
 * Edits one query by fields; everything there is to choose comes from the exporter's catalogue, and the dashboard's
 * variables stand at the end of every menu.
 */
export function QueryBuilder({ datasource, query, range, catalogState, onChange: change }: Props) {
  const { catalog, loading } = catalogState;
  const { filters = [] } = query;
  // What the query means now: with a variable as the metric, its dimensions are those of the metric it stands for.
  const { query: meant } = resolveQuery(query, { ...datasource.resolveContext(), catalog });
  const metric = catalog?.metrics.find(({ name }) => name === meant.metric);
  const variables = variableOptions(datasource.templateSrv);
  const dimensions = (catalog?.dimensions ?? [])
    .filter(({ name }) => !metric || metric.dimensions.includes(name))
    .map(({ name, title, description }) => ({ value: name, label: title, description }));

  const fits = (place: number, dimension: string) => {
    const { groupBy, thenBy } = meant;
    const others = { groupBy, thenBy, filters: filters.filter((_, at) => at !== place) };
    const taken = ownDimension(others, catalog)?.name;
    return taken === undefined || taken === dimension || isOfTime(dimension, catalog);
  };
  const shop = meant.shop ?? datasource.defaultShop;

  return (
    <Stack direction="column" gap={0.5}>
      <Stack gap={0} wrap="wrap">
        <ShopField
          id="query-shop"
          datasource={datasource}
          catalogState={catalogState}
          value={query.shop}
          onChange={(chosen) => change({ ...query, shop: chosen })}
        />
        <MetricField
          metrics={catalog?.metrics ?? []}
          listMetrics={async () => (await datasource.api.catalog()).metrics}
          variables={variables}
          loading={loading}
          value={query.metric}
          onChange={(name) =>
            change(
              changeMetric(
                query,
                name,
                catalog?.metrics.find((each) => each.name === name),
              ),
            )
          }
        />
        <SplitFields
          query={query}
          dimensions={dimensions}
          variables={variables}
          catalog={catalog}
          loading={loading}
          onChange={change}
        />
      </Stack>
      {metric && <MetricDefinition metric={metric} />}
      <FilterList
        filters={filters}
        dimensionsAt={(place) => [...dimensions.filter(({ value }) => fits(place, value)), ...variables]}
        listValuesAt={async (place, contains) => {
          const { filters: others = [] } = resolveQuery(
            { ...query, filters: filters.filter((_, at) => at !== place) },
            { ...datasource.resolveContext(), catalog },
          ).query;
          const values = await listFilterValues(
            {
              ...{ shop, contains, filters: others },
              dimension: filters[place]!.dimension,
              ...(range ? { range: { from: range.from.valueOf(), to: range.to.valueOf() } } : {}),
            },
            datasource.api,
          );
          return [...values, ...variables.filter(({ value }) => value.includes(contains))];
        }}
        onChange={(changed) => change({ ...query, filters: changed })}
      />
      <AnswerFields query={query} variables={variables} onChange={change} />
    </Stack>
  );
}
