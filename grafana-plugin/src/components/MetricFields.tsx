import { Stack } from '@grafana/ui';
import { changeMetric } from '../query/changeMetric';
import { resolveQuery } from '../query/resolveQuery';
import { AnswerFields } from './AnswerFields';
import type { BuilderProps } from './builderProps';
import { CurrencyField } from './CurrencyField';
import { dimensionOptions } from './dimensionOptions';
import { FilterFields } from './FilterFields';
import { MetricDefinition } from './MetricDefinition';
import { MetricField } from './MetricField';
import { SplitFields } from './SplitFields';
import { variableOptions } from './variableOptions';

/** Edits what is asked of a metric. */
export function MetricFields(props: BuilderProps) {
  const { datasource, query, catalogState, onChange } = props;
  const { catalog, loading } = catalogState;
  // What the query means now: with a variable as the metric, its dimensions are those of the metric it stands for.
  const { query: meant } = resolveQuery(query, { ...datasource.resolveContext(), catalog });
  const metricOf = (name: string | undefined) => catalog?.metrics.find((metric) => metric.name === name);
  const metric = metricOf(meant.metric);
  const variables = variableOptions(datasource.templateSrv);

  return (
    <>
      <Stack gap={0} wrap="wrap">
        <MetricField
          metrics={catalog?.metrics ?? []}
          listMetrics={async () => (await datasource.api.catalog()).metrics}
          variables={variables}
          loading={loading}
          value={query.metric}
          onChange={(name) => onChange(changeMetric(query, name, metricOf(name)))}
        />
        <SplitFields
          query={query}
          dimensions={dimensionOptions(meant, catalog)}
          variables={variables}
          catalog={catalog}
          loading={loading}
          onChange={onChange}
        />
      </Stack>
      {metric && <MetricDefinition metric={metric} />}
      <FilterFields {...props} />
      <AnswerFields query={query} variables={variables} onChange={onChange}>
        {(!metric || metric.unit === 'money' || query.currency) && (
          <CurrencyField
            catalog={catalog}
            variables={variables}
            value={query.currency}
            onChange={(currency) => onChange({ ...query, currency })}
          />
        )}
      </AnswerFields>
    </>
  );
}
