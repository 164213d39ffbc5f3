import { Stack } from '@grafana/ui';
import { metricsOf } from '@storepulse/contracts/grafana/query-types';
import { changeMetrics } from '../query/changeMetrics';
import { resolveQuery } from '../query/resolveQuery';
import { AnswerFields } from './AnswerFields';
import type { BuilderProps } from './builderProps';
import { CurrencyField } from './CurrencyField';
import { dimensionOptions } from './dimensionOptions';
import { FilterFields } from './FilterFields';
import { MetricDefinition } from './MetricDefinition';
import { MetricList } from './MetricList';
import { SplitFields } from './SplitFields';
import { variableOptions } from './variableOptions';

/** Edits what is asked of a metric, or of several. */
export function MetricFields(props: BuilderProps) {
  const { datasource, query, catalogState, onChange } = props;
  const { catalog, loading } = catalogState;
  // What the query means now: with a variable as the metric, its dimensions are those of the metrics it stands for.
  const { query: meant } = resolveQuery(query, { ...datasource.resolveContext(), catalog });
  const metricOf = (name: string | undefined) => catalog?.metrics.find((metric) => metric.name === name);
  const metrics = metricsOf(meant).flatMap((name) => metricOf(name) ?? []);
  const variables = variableOptions(datasource.templateSrv);

  return (
    <>
      <Stack gap={0} wrap="wrap">
        <MetricList
          names={metricsOf(query)}
          metrics={catalog?.metrics ?? []}
          listMetrics={async () => (await datasource.api.catalog()).metrics}
          variables={variables}
          loading={loading}
          onChange={(names) => onChange(changeMetrics(query, names, metricOf))}
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
      {metrics.map((metric) => (
        <MetricDefinition key={metric.name} metric={metric} />
      ))}
      <FilterFields {...props} />
      <AnswerFields query={query} variables={variables} onChange={onChange}>
        {(metrics.length === 0 || metrics.some(({ unit }) => unit === 'money') || query.currency) && (
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
