import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, type ComboboxOption, InlineLabel, useStyles2 } from '@grafana/ui';
import type { StorepulseFilter } from '../types';
import { FilterRow } from './FilterRow';

interface Props {
  filters: StorepulseFilter[];
  /** Whether values can be taken out. */
  canExclude: boolean;
  /** Dimensions that the filter at a place can have. */
  dimensionsAt: (place: number) => Array<ComboboxOption<string>>;
  /** Options for values that the filter at a place can have, with a text in them. */
  listValuesAt: (place: number, text: string) => Promise<Array<ComboboxOption<string>>>;
  onChange: (filters: StorepulseFilter[]) => void;
}

/** The filters of a query; all of them must hold. */
export function FilterList({ filters, canExclude, dimensionsAt, listValuesAt, onChange }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.field}>
      <InlineLabel width={14}>Filters</InlineLabel>
      <div className={styles.rows}>
        {filters.map((filter, index) => (
          <FilterRow
            // A filter has no identity but its place.
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are never reordered
            key={index}
            position={index + 1}
            filter={filter}
            dimensions={dimensionsAt(index)}
            canExclude={canExclude}
            listValues={(text) => listValuesAt(index, text)}
            onChange={(changed) => onChange(filters.map((other, at) => (at === index ? changed : other)))}
            onRemove={() => onChange(filters.filter((_, at) => at !== index))}
          />
        ))}
        <Button
          variant="secondary"
          icon="plus"
          onClick={() => onChange([...filters, { dimension: '', operator: 'in', values: [] }])}
        >
          Add filter
        </Button>
      </div>
    </div>
  );
}

/** On a phone the filters go under their label, and each control goes into the width that there is. */
const getStyles = (theme: GrafanaTheme2) => ({
  field: css({ display: 'flex', flexWrap: 'wrap', width: '100%' }),
  rows: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(0.5),
    flex: '1 1 250px',
    minWidth: 0,
  }),
});
