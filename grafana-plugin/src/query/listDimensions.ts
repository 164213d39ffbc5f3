import { EVENT_FIELDS } from '@storepulse/contracts/grafana/event-fields';
import { typeOf } from '@storepulse/contracts/grafana/query-types';
import { namesOfKind, titleOfField } from '@storepulse/contracts/grafana/record-kinds';
import type { Catalog, CatalogDimension } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { dimensionRules } from './dimensionRules';

/** What a query can be split and filtered by, with titles; all dimensions where that is not known. */
export function listDimensions(query: StorepulseQuery, catalog: Catalog | undefined): CatalogDimension[] {
  if (typeOf(query) === 'events') {
    return Object.entries(EVENT_FIELDS).map(([name, { title, description }]) => ({
      name,
      title,
      description,
    }));
  }
  if (typeOf(query) === 'records') {
    return (namesOfKind(query.records ?? 'orders')?.filters ?? []).map((name) => {
      const known = catalog?.dimensions.find((dimension) => dimension.name === name);
      return { name, title: known?.title ?? titleOfField(name), description: known?.description ?? '' };
    });
  }
  const { names } = dimensionRules(query, catalog);
  return (catalog?.dimensions ?? []).filter(({ name }) => !names || names.includes(name));
}
