import { type ComboboxOption, InlineField } from '@grafana/ui';
import { t } from '../i18n';
import type { StorepulseQuery } from '../types';
import { INTERVAL_OPTIONS } from './intervalOptions';
import { Picker } from './Picker';

interface Props {
  /** Dashboard variables. */
  variables: Array<ComboboxOption<string>>;
  value: StorepulseQuery['interval'];
  onChange: (interval: string) => void;
}

/** Chooses the width of the buckets. */
export function IntervalField({ variables, value, onChange }: Props) {
  return (
    <InlineField label={t('Interval')} labelWidth={14}>
      <Picker
        id="query-interval"
        width={30}
        options={[...variables, ...INTERVAL_OPTIONS]}
        value={value ?? 'auto'}
        onChange={(option) => onChange(option.value)}
      />
    </InlineField>
  );
}
