import type { ComboboxOption } from '@grafana/ui';
import { EVENT_FIELDS } from '@storepulse/contracts/grafana/event-fields';
import { typeOf } from '@storepulse/contracts/grafana/query-types';
import type { Catalog } from '../api/catalog';
import { t } from '../i18n';
import type { StorepulseQuery } from '../types';

/**
 * Options for the values of a field that is no dimension: a closed list, or a word that they are to be typed. Undefined for a
 * dimension, whose values the exporter lists.
 */
export function listFieldValues(
  query: StorepulseQuery,
  field: string,
  contains: string,
  catalog: Catalog | undefined,
): Array<ComboboxOption<string>> | undefined {
  const closed = typeOf(query) === 'events' ? EVENT_FIELDS[field]?.values : undefined;
  if (closed) {
    const part = contains.toLowerCase().replaceAll(' ', '_');
    return closed.filter((value) => value.includes(part)).map((value) => ({ value, label: value }));
  }
  const isDimension = !catalog || catalog.dimensions.some(({ name }) => name === field);
  return isDimension ? undefined : [{ value: '', label: t('Type a value'), infoOption: true }];
}
