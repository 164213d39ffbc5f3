import { InlineField } from '@grafana/ui';
import { QUERY_TYPES } from '@storepulse/contracts/grafana/query-types';
import { t } from '../i18n';
import type { QueryType } from '../types';
import { Picker } from './Picker';

interface Props {
  /** Undefined where the query has a type that is not known. */
  type: QueryType | undefined;
  onChange: (type: QueryType) => void;
}

const OPTIONS = (Object.keys(QUERY_TYPES) as QueryType[]).map((value) => ({
  value,
  label: t(QUERY_TYPES[value].title),
  description: t(QUERY_TYPES[value].description),
}));

/** Chooses what a query asks for. */
export function QueryTypeField({ type, onChange }: Props) {
  return (
    <InlineField label={t('Query type')} labelWidth={14}>
      <Picker
        id="query-type"
        width={30}
        options={OPTIONS}
        value={type ?? null}
        onChange={({ value }) => value !== type && onChange(value)}
      />
    </InlineField>
  );
}
