import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { type ComboboxOption, IconButton, MultiCombobox, useStyles2 } from '@grafana/ui';
import { useId } from 'react';
import { t } from '../i18n';
import type { StorepulseFilter } from '../types';
import { Picker } from './Picker';

interface Props {
  /** Position among the filters, from 1, for the controls' names. */
  position: number;
  filter: StorepulseFilter;
  dimensions: Array<ComboboxOption<string>>;
  /** Whether values can be taken out. */
  canExclude: boolean;
  /** Options for values of the filter's dimension that have a text in them. */
  listValues: (text: string) => Promise<Array<ComboboxOption<string>>>;
  onChange: (filter: StorepulseFilter) => void;
  onRemove: () => void;
}

const KEEPS = { value: 'in' as const, label: t('is one of') };
const OPERATORS = [KEEPS, { value: 'not_in' as const, label: t('is none of') }];

/** One filter: dimension, operator, values. */
export function FilterRow({
  position,
  filter,
  dimensions,
  canExclude,
  listValues,
  onChange,
  onRemove,
}: Props) {
  const valuesLabel = useId();
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.row}>
      <Picker
        aria-label={`Dimension of filter ${position}`}
        width={20}
        options={dimensions}
        value={filter.dimension || null}
        placeholder={t('Dimension')}
        onChange={({ value }) => onChange({ ...filter, dimension: value, values: [] })}
      />
      <Picker
        aria-label={`Operator of filter ${position}`}
        width={14}
        options={canExclude ? OPERATORS : [KEEPS]}
        value={filter.operator}
        onChange={({ value }) => onChange({ ...filter, operator: value })}
      />
      <span id={valuesLabel} hidden>
        Values of filter {position}
      </span>
      <MultiCombobox
        aria-labelledby={valuesLabel}
        width={40}
        createCustomValue
        disabled={!filter.dimension}
        placeholder={t('Values')}
        options={listValues}
        value={filter.values}
        onChange={(options) => onChange({ ...filter, values: options.map(({ value }) => value) })}
      />
      <IconButton name="times" tooltip={`Remove filter ${position}`} onClick={onRemove} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    maxWidth: '100%',
    '> *': { maxWidth: '100%' },
  }),
});
