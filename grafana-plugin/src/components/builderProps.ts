import type { QueryEditorProps } from '@grafana/data';
import type { DataSource } from '../datasource';
import type { StorepulseOptions, StorepulseQuery } from '../types';
import type { CatalogState } from './useCatalog';

/** What the fields of a query are given, whatever its type. */
export interface BuilderProps
  extends Pick<QueryEditorProps<DataSource, StorepulseQuery, StorepulseOptions>, 'range'> {
  datasource: DataSource;
  /** In today's shape. */
  query: StorepulseQuery;
  catalogState: Pick<CatalogState, 'catalog' | 'loading'>;
  /** Called with another query, which is to be run. */
  onChange: (query: StorepulseQuery) => void;
}
