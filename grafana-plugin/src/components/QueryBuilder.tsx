import type { QueryEditorProps } from '@grafana/data';
import { InlineField, Stack } from '@grafana/ui';
import type { DataSource } from '../datasource';
import { changeMetric } from '../query/changeMetric';
import { changeSplit } from '../query/changeSplit';
import { resolveQuery } from '../query/resolveQuery';
import type { StorepulseOptions, StorepulseQuery } from '../types';
import { AnswerFields } from './AnswerFields';
import { FilterList } from './FilterList';
import { listFilterValues } from './listFilterValues';
import { MetricDefinition } from './MetricDefinition';
import { MetricField } from './MetricField';
import { Picker } from './Picker';
import { ShopField } from './ShopField';
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

  const taken = (place: number) =>
    meant.groupBy ?? filters.find(({ dimension }, at) => at !== place && dimension !== '')?.dimension;
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
        <InlineField
          label="Group by"
          labelWidth={14}
          loading={loading}
          disabled={loading}
          tooltip="Figures are kept by one dimension at a time: filters go with the dimension that is grouped by"
        >
          <Picker
            id="query-group-by"
            width={30}
            isClearable
            placeholder="The whole shop"
            options={[...dimensions, ...variables]}
            value={query.groupBy ?? null}
            onChange={(option) => change(changeSplit(query, option?.value))}
          />
        </InlineField>
      </Stack>
      {metric && <MetricDefinition metric={metric} />}
      <FilterList
        filters={filters}
        dimensionsAt={(place) => [
          ...dimensions.filter(({ value }) => [undefined, value].includes(taken(place))),
          ...variables,
        ]}
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
