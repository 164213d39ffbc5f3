import { Stack } from '@grafana/ui';
import { DEFAULT_EVENTS, MOST_EVENTS } from '@storepulse/contracts/grafana/validate-events';
import { t } from '../i18n';
import type { BuilderProps } from './builderProps';
import { CountField } from './CountField';
import { FilterFields } from './FilterFields';
import { SwitchField } from './SwitchField';

/** Edits which events are listed: filters by several fields, and how many of the latest. */
export function EventFields(props: BuilderProps) {
  const { query, onChange } = props;
  return (
    <>
      <FilterFields {...props} />
      <Stack gap={0} wrap="wrap">
        <CountField
          id="query-limit"
          label={t('Latest')}
          tooltip={t('How many of the latest events of the range are shown')}
          placeholder={String(DEFAULT_EVENTS)}
          most={MOST_EVENTS}
          value={query.limit}
          onChange={(limit) => onChange({ ...query, limit })}
        />
        <SwitchField
          id="query-live"
          label={t('Live')}
          tooltip={t('Goes on with what happens, where the range ends now')}
          value={query.live}
          onChange={(live) => onChange({ ...query, live })}
        />
      </Stack>
    </>
  );
}
