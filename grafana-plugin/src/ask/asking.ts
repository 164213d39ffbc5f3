import type { DataQueryRequest, QueryResultMetaNotice } from '@grafana/data';
import type { ApiClient } from '../api/client';
import type { LinkTarget } from '../frames/linkToExplore';
import type { Outcome } from '../frames/toResponse';
import type { StorepulseQuery } from '../types';

/** What queries are asked by. */
export interface AskingDeps {
  api: Pick<ApiClient, 'ask' | 'list' | 'peekCatalog'>;
  /** The data source, for links to Explore. */
  source: LinkTarget;
}

/** What comes of a query whose filters exclude each other: nothing is asked. */
export function nothingLeft({ target: { refId }, remarks }: Asking): Outcome {
  const text = 'The filters leave no value of a field: remove one of them.';
  return { kind: 'empty', refId, remarks: [...remarks, { severity: 'warning', text }] };
}

/** What goes with a query that can be asked. */
export interface Asking {
  /** The query as it is stored. */
  target: StorepulseQuery;
  request: DataQueryRequest<StorepulseQuery>;
  /** What the reader of the panel should know. */
  remarks: QueryResultMetaNotice[];
  /** Epoch ms. */
  range: { from: number; to: number };
}
