import type { QueryEditorProps } from '@grafana/data';
import { InlineField, Input, Stack } from '@grafana/ui';
import { Picker } from '../components/Picker';
import { ShopField } from '../components/ShopField';
import { useCatalog } from '../components/useCatalog';
import { variableOptions } from '../components/variableOptions';
import type { DataSource } from '../datasource';
import { t } from '../i18n';
import type { StorepulseOptions, StorepulseQuery, StorepulseVariableQuery } from '../types';

type Props = QueryEditorProps<DataSource, StorepulseQuery, StorepulseOptions, StorepulseVariableQuery>;

const KINDS = [
  { value: 'shops' as const, label: t('Shops') },
  { value: 'values' as const, label: t('Values of a dimension') },
];

/** Edits what a dashboard variable lists. */
export function VariableQueryEditor({ datasource, query, onChange }: Props) {
  const catalogState = useCatalog(datasource.api);
  const { catalog, loading } = catalogState;
  const dimensions = catalog?.dimensions.map(({ name, title, description }) => ({
    value: name,
    label: title,
    description,
  }));
  return (
    <Stack direction="column" gap={0}>
      <InlineField label={t('List')} labelWidth={14}>
        <Picker
          id="variable-kind"
          width={30}
          options={KINDS}
          value={query.kind}
          onChange={({ value }) => onChange({ ...query, kind: value })}
        />
      </InlineField>
      {query.kind === 'values' && (
        <>
          <InlineField label={t('Dimension')} labelWidth={14} loading={loading} disabled={loading}>
            <Picker
              id="variable-dimension"
              width={30}
              options={[...(dimensions ?? []), ...variableOptions(datasource.templateSrv)]}
              value={query.dimension ?? null}
              onChange={({ value }) => onChange({ ...query, dimension: value })}
            />
          </InlineField>
          <ShopField
            id="variable-shop"
            datasource={datasource}
            catalogState={catalogState}
            value={query.shop}
            onChange={(shop) => onChange({ ...query, shop })}
          />
          <InlineField
            label={t('Containing')}
            labelWidth={14}
            tooltip={t(
              'Lists values that have this text in them. $__searchFilter is what is typed into the variable’s menu',
            )}
          >
            <Input
              id="variable-contains"
              width={30}
              placeholder={t('any text')}
              defaultValue={query.contains ?? ''}
              onBlur={({ currentTarget }) => {
                const contains = currentTarget.value.trim();
                if (contains !== (query.contains ?? '')) {
                  onChange({ ...query, contains });
                }
              }}
            />
          </InlineField>
        </>
      )}
    </Stack>
  );
}
