import { InlineField } from '@grafana/ui';
import type { DataSource } from '../datasource';
import { t } from '../i18n';
import { Picker } from './Picker';
import type { CatalogState } from './useCatalog';
import { variableOptions } from './variableOptions';

interface Props {
  id: string;
  datasource: Pick<DataSource, 'templateSrv' | 'defaultShop'>;
  catalogState: Pick<CatalogState, 'catalog' | 'loading'>;
  value: string | undefined;
  /** Called with undefined when the choice is cleared. */
  onChange: (shop: string | undefined) => void;
}

/** Chooses a shop, or a dashboard variable that holds one. */
export function ShopField({ id, datasource, catalogState, value, onChange }: Props) {
  const { catalog, loading } = catalogState;
  const shops = catalog?.shops ?? [];
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
    <InlineField
      label={t('Shop')}
      labelWidth={14}
      loading={loading}
      disabled={loading}
      invalid={isMissing}
      error="Choose a shop"
    >
      <Picker
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
