import type { ComboboxOption } from '@grafana/ui';
import { EVENT_FIELDS } from '../query/eventFields';

/**
 * Options for the values of a field of events: a closed list, or a word about what to type. Undefined for a dimension whose
 * values the exporter lists.
 */
export function listEventValues(field: string, contains: string): Array<ComboboxOption<string>> | undefined {
  if (field === 'orderId') {
    return [{ value: '', label: 'Type the id of an order', infoOption: true }];
  }
  return EVENT_FIELDS[field]?.values
    ?.filter((value) => value.includes(contains.toLowerCase().replaceAll(' ', '_')))
    .map((value) => ({ value, label: value }));
}
