import { Stack } from '@grafana/ui';
import { MOST_MONTHS } from '@storepulse/contracts/grafana/validate-cohort';
import { t } from '../i18n';
import type { BuilderProps } from './builderProps';
import { CountField } from './CountField';
import { FilterFields } from './FilterFields';
import { SwitchField } from './SwitchField';

/** Edits what is asked of customers: how long they are followed, counts or shares, filters of the first order. */
export function CohortFields(props: BuilderProps) {
  const { query, onChange } = props;
  return (
    <>
      <FilterFields {...props} />
      <Stack gap={0} wrap="wrap">
        <CountField
          id="query-months"
          label={t('Months')}
          tooltip={t('How many months after that of the first order: a column for each')}
          placeholder="12"
          most={MOST_MONTHS}
          value={query.months}
          onChange={(months) => onChange({ ...query, months })}
        />
        <SwitchField
          id="query-share"
          label={t('As shares')}
          tooltip={t('Which share of the customers of a month ordered again, rather than how many')}
          value={query.share}
          onChange={(share) => onChange({ ...query, share })}
        />
      </Stack>
    </>
  );
}
