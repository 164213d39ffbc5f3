import { Alert, Stack } from '@grafana/ui';
import { typeOf } from '@storepulse/contracts/grafana/query-types';
import { changeType } from '../query/changeType';
import type { QueryType } from '../types';
import type { BuilderProps } from './builderProps';
import { CohortFields } from './CohortFields';
import { DistributionFields } from './DistributionFields';
import { EventFields } from './EventFields';
import { FunnelFields } from './FunnelFields';
import { MetricFields } from './MetricFields';
import { QueryTypeField } from './QueryTypeField';
import { RecordFields } from './RecordFields';
import { ShopField } from './ShopField';

/**
 * Edits one query by fields: those of its type. Everything there is to choose comes from the exporter's catalogue, and
 * the dashboard's variables stand at the end of every menu.
 */
export function QueryBuilder(props: BuilderProps) {
  const { datasource, query, catalogState, onChange } = props;
  const type = typeOf(query);
  return (
    <Stack direction="column" gap={0.5}>
      <Stack gap={0} wrap="wrap">
        <QueryTypeField
          type={type}
          onChange={(chosen) => onChange(changeType(query, chosen, catalogState.catalog))}
        />
        <ShopField
          id="query-shop"
          datasource={datasource}
          catalogState={catalogState}
          value={query.shop}
          onChange={(shop) => onChange({ ...query, shop })}
        />
      </Stack>
      <TypeFields type={type} {...props} />
    </Stack>
  );
}

/** The fields of one type of query. */
function TypeFields({ type, ...props }: BuilderProps & { type: QueryType | undefined }) {
  switch (type) {
    case 'metric':
      return <MetricFields {...props} />;
    case 'distribution':
      return <DistributionFields {...props} />;
    case 'funnel':
      return <FunnelFields {...props} />;
    case 'cohort':
      return <CohortFields {...props} />;
    case 'events':
      return <EventFields {...props} />;
    case 'records':
      return <RecordFields {...props} />;
    case undefined:
      return (
        <Alert severity="warning" title={`This release has no query type “${props.query.queryType}”`}>
          Choose one of the list, or update the data source.
        </Alert>
      );
  }
}
