import { Stack } from '@grafana/ui';
import { changeMetrics } from '../query/changeMetrics';
import { distributionsOf } from '../query/distributions';
import { resolveQuery } from '../query/resolveQuery';
import type { BuilderProps } from './builderProps';
import { FilterFields } from './FilterFields';
import { IntervalField } from './IntervalField';
import { MetricDefinition } from './MetricDefinition';
import { MetricField } from './MetricField';
import { variableOptions } from './variableOptions';

/** Edits what is asked of a distribution: a metric of which every value is kept, filters, the width of the buckets. */
export function DistributionFields(props: BuilderProps) {
  const { datasource, query, catalogState, onChange } = props;
  const { catalog, loading } = catalogState;
  const { query: meant } = resolveQuery(query, { ...datasource.resolveContext(), catalog });
  const metrics = distributionsOf(catalog);
  const metricOf = (name: string | undefined) => metrics.find((metric) => metric.name === name);
  const metric = metricOf(meant.metric);
  const variables = variableOptions(datasource.templateSrv);
  return (
    <>
      <Stack gap={0} wrap="wrap">
        <MetricField
          metrics={metrics}
          listMetrics={async () => distributionsOf(await datasource.api.catalog())}
          variables={variables}
          loading={loading}
          value={query.metric}
          onChange={(name) => onChange(changeMetrics(query, [name], metricOf))}
        />
        <IntervalField
          variables={variables}
          value={query.interval}
          onChange={(interval) => onChange({ ...query, interval })}
        />
      </Stack>
      {metric && <MetricDefinition metric={metric} />}
      <FilterFields {...props} />
    </>
  );
}
