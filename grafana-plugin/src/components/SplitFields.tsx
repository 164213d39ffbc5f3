import type { ComboboxOption } from '@grafana/ui';
import type { Catalog } from '../api/catalog';
import { t } from '../i18n';
import { changeSplit } from '../query/changeSplit';
import { isOfTime } from '../query/ownDimension';
import type { StorepulseQuery } from '../types';
import { GroupByField } from './GroupByField';
import { SplitField } from './SplitField';

interface Props {
  query: StorepulseQuery;
  /** The metric's dimensions. */
  dimensions: Array<ComboboxOption<string>>;
  /** Dashboard variables. */
  variables: Array<ComboboxOption<string>>;
  catalog: Catalog | undefined;
  loading: boolean;
  onChange: (query: StorepulseQuery) => void;
}

/** What a query is split by: a dimension, and with it an hour or a weekday, or the other way round. */
export function SplitFields({ query, dimensions, variables, catalog, loading, onChange }: Props) {
  const { groupBy, thenBy } = query;
  const goesWith = (name: string) =>
    name !== groupBy && (isOfTime(name, catalog) || isOfTime(groupBy ?? '', catalog));
  const seconds = dimensions.filter(({ value }) => goesWith(value));
  return (
    <>
      <GroupByField
        options={[...dimensions, ...variables]}
        loading={loading}
        tooltip={t(
          'Figures are kept by one dimension at a time: filters go with the dimension that is grouped by. Hours and weekdays go with any',
        )}
        value={groupBy}
        onChange={(dimension) => onChange(changeSplit(query, dimension, catalog))}
      />
      {groupBy !== undefined && (seconds.length > 0 || thenBy !== undefined) && (
        <SplitField
          label={t('Then by')}
          id="query-then-by"
          placeholder={t('Nothing more')}
          tooltip={t('Splits each of them further, such as weekdays by hour')}
          options={seconds}
          value={thenBy}
          onChange={(dimension) => onChange({ ...query, thenBy: dimension })}
        />
      )}
    </>
  );
}
