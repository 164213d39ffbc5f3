import type { ComboboxOption } from '@grafana/ui';
import type { Catalog } from '../api/catalog';
import { dimensionRules } from '../query/dimensionRules';
import type { StorepulseQuery } from '../types';

/** The dimensions that a query can be split and filtered by, as menus show them; all of them where that is not known. */
export function dimensionOptions(
  query: StorepulseQuery,
  catalog: Catalog | undefined,
): Array<ComboboxOption<string>> {
  const { names } = dimensionRules(query, catalog);
  return (catalog?.dimensions ?? [])
    .filter(({ name }) => !names || names.includes(name))
    .map(({ name, title, description }) => ({ value: name, label: title, description }));
}
