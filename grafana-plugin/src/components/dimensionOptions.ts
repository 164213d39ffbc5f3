import type { ComboboxOption } from '@grafana/ui';
import type { Catalog } from '../api/catalog';
import { listDimensions } from '../query/listDimensions';
import type { StorepulseQuery } from '../types';

/** The dimensions that a query can be split and filtered by, as menus show them; all of them where that is not known. */
export function dimensionOptions(
  query: StorepulseQuery,
  catalog: Catalog | undefined,
): Array<ComboboxOption<string>> {
  return listDimensions(query, catalog).map(({ name, title, description }) => ({
    ...{ value: name, label: title, description },
  }));
}
