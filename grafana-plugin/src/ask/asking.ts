import type { DataQueryRequest, QueryResultMetaNotice } from '@grafana/data';
import type { ApiClient } from '../api/client';
import type { LinkTarget } from '../frames/linkToExplore';
import type { Outcome } from '../frames/toResponse';
import type { StorepulseQuery } from '../types';

/** What queries are asked by. */
export interface AskingDeps {
  api: Pick<ApiClient, 'ask' | 'follow' | 'list' | 'peekCatalog'>;
  /** The data source, for links to Explore. */
  source: LinkTarget;
}

/** What comes of a query whose filters exclude each other: nothing is asked. */
export function nothingLeft({ target: { refId }, remarks }: Asking): Outcome {
  const text = 'The filters leave no value of a field: remove one of them.';
  return { kind: 'empty', refId, remarks: [...remarks, { severity: 'warning', text }] };
}

/** Says why a query that is to be live is not. */
export const notLive = (reason: string): QueryResultMetaNotice => ({
  severity: 'info',
  text: `Not live: ${reason.replace(/\.$/, '')}.`,
});

/** Says that a stream was cut off, and when it goes on. */
export const describeCut = ({
  reason,
  waitMs,
}: {
  reason: string;
  waitMs: number;
}): QueryResultMetaNotice => ({
  severity: 'warning',
  text: `The live stream was cut off, and is asked for again in ${waitMs / 1_000} s: ${reason}`,
});

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
