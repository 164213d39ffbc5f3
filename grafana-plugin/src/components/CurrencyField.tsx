import { type ComboboxOption, InlineField } from '@grafana/ui';
import type { Catalog } from '../api/catalog';
import { t } from '../i18n';
import { currenciesOf } from '../query/currencies';
import type { StorepulseQuery } from '../types';
import { Picker } from './Picker';

interface Props {
  catalog: Catalog | undefined;
  /** Dashboard variables. */
  variables: Array<ComboboxOption<string>>;
  value: StorepulseQuery['currency'];
  onChange: (currency: string | undefined) => void;
}

/** Chooses the currency that money is shown in: one of the list, any other code, or a dashboard variable. */
export function CurrencyField({ catalog, variables, value, onChange }: Props) {
  const options = currenciesOf(catalog).map((code) => ({ value: code, label: code }));
  return (
    <InlineField
      label={t('Currency')}
      labelWidth={14}
      tooltip={t('Converts money by the rate that the shop has told for the last day of the range')}
    >
      <Picker
        id="query-currency"
        width={30}
        isClearable
        createCustomValue
        placeholder={t('The shop’s own')}
        options={[...options, ...variables]}
        value={value ?? null}
        onChange={(option) => onChange(option?.value)}
      />
    </InlineField>
  );
}
