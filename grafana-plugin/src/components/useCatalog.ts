import useAsync from 'react-use/lib/useAsync';
import type { Catalog } from '../api/catalog';
import type { ApiClient } from '../api/client';
import { describeFailure } from '../api/describeFailure';

/** The catalogue as far as it is there: editors work without it, with less to choose from. */
export interface CatalogState {
  catalog: Catalog | undefined;
  loading: boolean;
  /** Why there is none, for the user. */
  failure: string | undefined;
}

/** Shops that came within the last minute may be missing from an editor. */
const MAX_AGE_MS = 60_000;

/** Reads the catalogue when an editor opens. */
export function useCatalog(api: Pick<ApiClient, 'catalog'>): CatalogState {
  const { value, loading, error } = useAsync(() => api.catalog(MAX_AGE_MS), [api]);
  return { catalog: value, loading, failure: error ? describeFailure(error) : undefined };
}
