import { Stack } from '@grafana/ui';
import { MOST_FUNNELS } from '@storepulse/contracts/grafana/validate-funnel';
import { t } from '../i18n';
import type { BuilderProps } from './builderProps';
import { dimensionOptions } from './dimensionOptions';
import { FilterFields } from './FilterFields';
import { GroupByField } from './GroupByField';
import { LimitField } from './LimitField';
import { StepsField } from './StepsField';
import { SwitchField } from './SwitchField';
import { variableOptions } from './variableOptions';

/** Edits what is asked of visits: the steps, one funnel for each value of a dimension, filters by several of them. */
export function FunnelFields(props: BuilderProps) {
  const { datasource, query, catalogState, onChange } = props;
  const { catalog, loading } = catalogState;
  const variables = variableOptions(datasource.templateSrv);
  return (
    <>
      <StepsField
        steps={query.steps ?? []}
        variables={variables}
        onChange={(steps) => onChange({ ...query, steps })}
      />
      <FilterFields {...props} />
      <Stack gap={0} wrap="wrap">
        <GroupByField
          options={[...dimensionOptions(query, catalog), ...variables]}
          loading={loading}
          tooltip={t('One funnel for each value')}
          value={query.groupBy}
          onChange={(groupBy) => onChange({ ...query, groupBy })}
        />
        {query.groupBy && (
          <LimitField
            value={query.limit}
            most={MOST_FUNNELS}
            onChange={(limit) => onChange({ ...query, limit })}
          />
        )}
        <SwitchField
          id="query-open"
          label={t('In any order')}
          tooltip={t(
            'Each step counts by itself. Off: a visit reaches a step once it has reached the one before',
          )}
          value={query.open}
          onChange={(open) => onChange({ ...query, open })}
        />
      </Stack>
    </>
  );
}
