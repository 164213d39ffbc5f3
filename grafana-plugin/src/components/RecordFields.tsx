import { type ComboboxOption, InlineField, Stack } from '@grafana/ui';
import { namesOfKind, RECORD_KINDS, titleOfField } from '@storepulse/contracts/grafana/record-kinds';
import { DEFAULT_RECORDS, MOST_FOUND, MOST_RECORDS } from '@storepulse/contracts/grafana/validate-records';
import { t } from '../i18n';
import type { BuilderProps } from './builderProps';
import { CountField } from './CountField';
import { FilterFields } from './FilterFields';
import { Picker } from './Picker';
import { TextField } from './TextField';
import { variableOptions } from './variableOptions';

const KINDS: Array<ComboboxOption<string>> = RECORD_KINDS.map((value) => ({
  value,
  label: titleOfField(value),
}));

/** Edits which records are listed or searched: the kind, then words, or filters and an order. */
export function RecordFields(props: BuilderProps) {
  const { datasource, query, onChange } = props;
  const { records = 'orders', search, sort, limit } = query;
  const variables = variableOptions(datasource.templateSrv);
  const sorts = (namesOfKind(records)?.sorts ?? []).map((value) => ({ value, label: describeSort(value) }));
  const isSearched = Boolean(search);
  return (
    <>
      <Stack gap={0} wrap="wrap">
        <InlineField label={t('Records')} labelWidth={14}>
          <Picker
            id="query-records"
            width={30}
            options={[...KINDS, ...variables]}
            value={records}
            // Other records have other fields to filter and to order by.
            onChange={({ value }) => onChange({ ...query, records: value, filters: [], sort: undefined })}
          />
        </InlineField>
        <TextField
          id="query-search"
          label={t('Search')}
          tooltip={t('The begin of an id or a name, or words. What fits best comes first')}
          placeholder={t('all of them')}
          value={search}
          // What is searched has no filters and no order.
          onChange={(text) =>
            onChange({ ...query, search: text, ...(text ? { filters: [], sort: undefined } : {}) })
          }
        />
      </Stack>
      {!isSearched && <FilterFields {...props} />}
      <Stack gap={0} wrap="wrap">
        {!isSearched && (
          <InlineField label={t('Order')} labelWidth={14}>
            <Picker
              id="query-sort"
              width={30}
              isClearable
              placeholder={sorts[0]?.label ?? ''}
              options={[...sorts, ...variables]}
              value={sort ?? null}
              onChange={(option) => onChange({ ...query, sort: option?.value })}
            />
          </InlineField>
        )}
        <CountField
          id="query-limit"
          label={t('First')}
          tooltip={t('How many records are shown')}
          placeholder={String(isSearched ? MOST_FOUND : DEFAULT_RECORDS)}
          most={isSearched ? MOST_FOUND : MOST_RECORDS}
          value={limit}
          onChange={(count) => onChange({ ...query, limit: count })}
        />
      </Stack>
    </>
  );
}

function describeSort(sort: string): string {
  return sort.startsWith('-')
    ? `${titleOfField(sort.slice(1))}, greatest first`
    : `${titleOfField(sort)}, least first`;
}
