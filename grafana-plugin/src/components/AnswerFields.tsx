import { type ComboboxOption, InlineField, Stack } from '@grafana/ui';
import { MOST_VALUES } from '@storepulse/contracts/grafana/validate-metric';
import type { ReactNode } from 'react';
import { t } from '../i18n';
import type { QueryFormat, StorepulseQuery } from '../types';
import { IntervalField } from './IntervalField';
import { LimitField } from './LimitField';
import { Picker } from './Picker';
import { SwitchField } from './SwitchField';

interface Props {
  query: StorepulseQuery;
  /** Dashboard variables. */
  variables: Array<ComboboxOption<string>>;
  onChange: (query: StorepulseQuery) => void;
  /** Further fields. */
  children?: ReactNode;
}

const COMPARISON_OPTIONS: Array<ComboboxOption<string>> = [
  {
    value: 'previous_period',
    label: t('Previous period'),
    description: t('The time of the same length right before'),
  },
  { value: 'previous_week', label: t('Week before'), description: t('The same weekdays of the week before') },
  { value: 'previous_year', label: t('Year before'), description: t('The same dates of the year before') },
];

const FORMATS: Array<{ value: QueryFormat; label: string; description: string }> = [
  { value: 'time_series', label: t('Time series'), description: t('A value per interval') },
  { value: 'table', label: t('Table'), description: t('One row per value over the whole range') },
];

/** How the answer is cut and shown: interval, comparison, format, top N, running totals, shares, digits. */
export function AnswerFields({ query, variables, onChange, children }: Props) {
  const isTable = query.format === 'table';
  return (
    <Stack gap={0} wrap="wrap">
      <IntervalField
        variables={variables}
        value={query.interval}
        onChange={(interval) => onChange({ ...query, interval })}
      />
      <InlineField
        label={t('Compare to')}
        labelWidth={14}
        tooltip={t(
          'Shows the values of an earlier time beside: lines in a time series; value, difference and change in a table',
        )}
      >
        <Picker
          id="query-compare-to"
          width={30}
          isClearable
          placeholder={t('Nothing')}
          options={[...COMPARISON_OPTIONS, ...variables]}
          value={query.compareTo ?? null}
          onChange={(option) => onChange({ ...query, compareTo: option?.value })}
        />
      </InlineField>
      <InlineField label={t('Format')} labelWidth={14}>
        <Picker
          id="query-format"
          width={30}
          options={FORMATS}
          value={query.format ?? 'time_series'}
          onChange={({ value }) => onChange({ ...query, format: value })}
        />
      </InlineField>
      {children}
      {query.groupBy && (
        <LimitField
          value={query.limit}
          most={MOST_VALUES}
          onChange={(limit) => onChange({ ...query, limit })}
        />
      )}
      {!isTable && (
        <SwitchField
          id="query-cumulative"
          label={t('Cumulative')}
          tooltip={t('Running totals: each bucket holds all from the first one up to it')}
          value={query.cumulative}
          onChange={(cumulative) => onChange({ ...query, cumulative })}
        />
      )}
      {!isTable && (
        <SwitchField
          id="query-live"
          label={t('Live')}
          tooltip={t('Goes on with what changes, where the range ends now')}
          value={query.live}
          onChange={(live) => onChange({ ...query, live })}
        />
      )}
      {isTable && query.groupBy && (
        <SwitchField
          id="query-share"
          label={t('Share of total')}
          tooltip={t('A column with each value’s part of the whole')}
          value={query.share}
          onChange={(share) => onChange({ ...query, share })}
        />
      )}
      <SwitchField
        id="query-exact"
        label={t('All digits')}
        tooltip={t('£1,234,567.89 rather than £1.23 Mil')}
        value={query.exact}
        onChange={(exact) => onChange({ ...query, exact })}
      />
    </Stack>
  );
}
