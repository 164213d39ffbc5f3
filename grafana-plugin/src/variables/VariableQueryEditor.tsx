import type { QueryEditorProps } from '@grafana/data';
import { Combobox, InlineField, Stack } from '@grafana/ui';
import { ShopField } from '../components/ShopField';
import { useCatalog } from '../components/useCatalog';
import type { DataSource } from '../datasource';
import type { StorepulseOptions, StorepulseQuery, StorepulseVariableQuery } from '../types';

type Props = QueryEditorProps<DataSource, StorepulseQuery, StorepulseOptions, StorepulseVariableQuery>;

const KINDS = [
  { value: 'shops' as const, label: 'Shops' },
  { value: 'values' as const, label: 'Values of a dimension' },
];

/** Edits what a dashboard variable lists. */
export function VariableQueryEditor({ datasource, query, onChange }: Props) {
  const { catalog, loading } = useCatalog(datasource.api);
  const dimensions = catalog?.dimensions.map(({ name, title, description }) => ({
    value: name,
    label: title,
    description,
  }));
  return (
    <Stack direction="column" gap={0}>
      <InlineField label="List" labelWidth={14}>
        <Combobox
          id="variable-kind"
          width={30}
          options={KINDS}
          value={query.kind}
          onChange={({ value }) => onChange({ ...query, kind: value })}
        />
      </InlineField>
      {query.kind === 'values' && (
        <>
          <InlineField label="Dimension" labelWidth={14}>
            <Combobox
              id="variable-dimension"
              width={30}
              loading={loading}
              options={dimensions ?? []}
              value={query.dimension ?? null}
              onChange={({ value }) => onChange({ ...query, dimension: value })}
            />
          </InlineField>
          <ShopField
            id="variable-shop"
            datasource={datasource}
            shops={catalog?.shops ?? []}
            value={query.shop}
            onChange={(shop) => onChange({ ...query, shop })}
          />
        </>
      )}
    </Stack>
  );
}
