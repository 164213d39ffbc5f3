import { t } from '../i18n';
import type { StorepulseQuery } from '../types';
import { CountField } from './CountField';

interface Props {
  value: StorepulseQuery['limit'];
  /** The greatest number that can be asked for. */
  most: number;
  /** Called when the field is left with another usable value than before; undefined for all. */
  onChange: (limit: StorepulseQuery['limit']) => void;
}

/** How many of the largest values are kept: a number, or a dashboard variable. */
export function LimitField(props: Props) {
  return (
    <CountField
      {...props}
      id="query-limit"
      label={t('Top')}
      tooltip={t('Largest values to keep, of several metrics by the first; the rest is summed as “other”')}
      placeholder={t('all')}
    />
  );
}
