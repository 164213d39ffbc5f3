import { Combobox, InlineField } from '@grafana/ui';
import type { CatalogShop } from '../api/catalog';
import type { DataSource } from '../datasource';
import { variableOptions } from './variableOptions';

interface Props {
  id: string;
  datasource: Pick<DataSource, 'templateSrv' | 'defaultShop'>;
  shops: CatalogShop[];
  value: string | undefined;
  /** Called with undefined when the choice is cleared. */
  onChange: (shop: string | undefined) => void;
}

/** Chooses a shop, or a dashboard variable that holds one. */
export function ShopField({ id, datasource, shops, value, onChange }: Props) {
  const options = [
    ...shops.map(({ shop, name, currency, timeZone }) => ({
      value: shop,
      label: name || shop,
      description: `${shop} · ${currency} · ${timeZone}`,
    })),
    ...variableOptions(datasource.templateSrv),
  ];
  const isMissing = shops.length > 0 && !value && !datasource.defaultShop;
  return (
    <InlineField label="Shop" labelWidth={14} invalid={isMissing} error="Choose a shop">
      <Combobox
        id={id}
        width={30}
        isClearable
        createCustomValue
        placeholder={datasource.defaultShop ? `Default: ${datasource.defaultShop}` : 'Choose a shop'}
        options={options}
        value={value ?? null}
        onChange={(option) => onChange(option?.value)}
      />
    </InlineField>
  );
}
