import type { QueryEditorProps } from '@grafana/data';
import { Alert, Combobox, InlineField, Stack } from '@grafana/ui';
import type { DataSource } from '../datasource';
import { changeMetric } from '../query/changeMetric';
import type { StorepulseOptions, StorepulseQuery } from '../types';
import { AnswerFields } from './AnswerFields';
import { FilterList } from './FilterList';
import { MetricDefinition } from './MetricDefinition';
import { MetricField } from './MetricField';
import { ShopField } from './ShopField';
import { useCatalog } from './useCatalog';
import { usePreselectedShop } from './usePreselectedShop';

type Props = QueryEditorProps<DataSource, StorepulseQuery, StorepulseOptions>;

/** Edits one query; everything there is to choose comes from the exporter's catalogue. */
export function QueryEditor({ datasource, query, onChange, onRunQuery }: Props) {
  const { catalog, loading, failure } = useCatalog(datasource.api);
  const metric = catalog?.metrics.find(({ name }) => name === query.metric);
  const dimensions = (catalog?.dimensions ?? [])
    .filter(({ name }) => metric?.dimensions.includes(name))
    .map(({ name, title, description }) => ({ value: name, label: title, description }));

  const change = (changed: StorepulseQuery) => {
    onChange(changed);
    onRunQuery();
  };
  usePreselectedShop(catalog?.shops, query.shop ?? datasource.defaultShop, (shop) =>
    change({ ...query, shop }),
  );
  const listValues = (dimension: string, prefix: string) => {
    const shop = datasource.templateSrv.replace(query.shop ?? datasource.defaultShop);
    return shop ? datasource.api.dimensionValues({ dimension, shop, prefix }) : Promise.resolve([]);
  };

  return (
    <Stack direction="column" gap={0.5}>
      {failure && <Alert title="The metric catalogue could not be read">{failure}</Alert>}
      <Stack gap={0} wrap="wrap">
        <ShopField
          id="query-shop"
          datasource={datasource}
          shops={catalog?.shops ?? []}
          value={query.shop}
          onChange={(shop) => change({ ...query, shop })}
        />
        <MetricField
          metrics={catalog?.metrics ?? []}
          loading={loading}
          value={query.metric}
          onChange={(chosen) => change(changeMetric(query, chosen))}
        />
        <InlineField label="Group by" labelWidth={14}>
          <Combobox
            id="query-group-by"
            width={30}
            isClearable
            placeholder="The whole shop"
            options={dimensions}
            value={query.groupBy ?? null}
            onChange={(option) => change({ ...query, groupBy: option?.value })}
          />
        </InlineField>
      </Stack>
      {metric && <MetricDefinition metric={metric} />}
      <FilterList
        filters={query.filters ?? []}
        dimensions={dimensions}
        listValues={listValues}
        onChange={(filters) => change({ ...query, filters })}
      />
      <AnswerFields query={query} onChange={change} />
    </Stack>
  );
}
