import type { AskedQuery } from '@storepulse/contracts/grafana/validate-query';
import type { QueryRequest, QueryResponse, QueryResult } from '@storepulse/contracts/query';
import { Observable, ReplaySubject } from 'rxjs';

/** One query with its own range, so that queries of different panels fit into one request. */
export type BatchedQuery = AskedQuery & {
  /** Epoch ms, as Grafana has it: its ranges are the reader’s, not the shop’s. */
  range: { from: number; to: number };
  /** Of a metric over time: how many buckets fit the panel. */
  maxDataPoints?: number;
};

/** Asks a query; cancelled by unsubscribing. Gives undefined when the exporter left it unanswered. */
export type AskQuery = (query: BatchedQuery) => Observable<QueryResult | undefined>;

/** How long queries are gathered: the panels of a dashboard ask within some milliseconds of each other. */
const GATHER_MS = 20;
/** What one request takes: the exporter's limit of metrics in all its queries, and somewhat less than its limit of bytes. */
const MAX_METRICS = 50;
const MAX_BYTES = 200_000;
/** The exporter's code for a request that needs more than one may have: alone, a query of it may well be answered. */
const TOO_COSTLY = 'too_costly';

/** A query that is waiting for its answer. */
interface Pending {
  readonly key: string;
  readonly query: BatchedQuery;
  readonly answer: ReplaySubject<QueryResult | undefined>;
  /** How many wait for it. */
  readers: number;
  /** Called when the last of them has left. */
  onLeft?: () => void;
}

/**
 * Puts the queries of one tick into one request, however many panels ask, and equal ones into it once. A request is
 * cancelled when nobody waits for any of its answers. When a request is refused as a whole, its queries are asked one by
 * one, so that one that is refused takes no other down; so is what a request that is too costly left unanswered.
 * @param post sends a request; fails with what the exporter answered
 * @param isRefusal whether a failure is the fault of what was asked
 */
export function batchQueries(
  post: (request: QueryRequest) => Observable<QueryResponse>,
  isRefusal: (error: unknown) => boolean,
): AskQuery {
  const pending = new Map<string, Pending>();
  let gathered: Pending[] = [];

  function gather(key: string, query: BatchedQuery): Pending {
    if (gathered.length === 0) {
      setTimeout(send, GATHER_MS);
    }
    const added: Pending = { key, query, answer: new ReplaySubject(1), readers: 0 };
    pending.set(key, added);
    gathered.push(added);
    return added;
  }

  function send(): void {
    const wanted = gathered.filter(({ readers }) => readers > 0);
    gathered = [];
    inParts(wanted).forEach(ask);
  }

  function ask(part: readonly Pending[]): void {
    const subscription = post(toBody(part)).subscribe({
      next: ({ results }) => {
        for (const [n, one] of part.entries()) {
          const result = results[String(n)];
          if (part.length > 1 && result?.error?.code === TOO_COSTLY) {
            if (one.readers > 0) {
              ask([one]);
            }
            continue;
          }
          forget(one);
          one.answer.next(result);
          one.answer.complete();
        }
      },
      error: (error: unknown) => {
        if (part.length > 1 && isRefusal(error)) {
          for (const one of part.filter(({ readers }) => readers > 0)) {
            ask([one]);
          }
          return;
        }
        for (const one of part) {
          forget(one);
          one.answer.error(error);
        }
      },
    });
    if (subscription.closed) {
      return;
    }
    for (const one of part) {
      one.onLeft = () => {
        if (part.every(({ readers }) => readers === 0)) {
          subscription.unsubscribe();
        }
      };
    }
  }

  function forget(one: Pending): void {
    if (pending.get(one.key) === one) {
      pending.delete(one.key);
    }
  }

  return (query) => {
    const key = JSON.stringify(query);
    return new Observable((subscriber) => {
      const one = pending.get(key) ?? gather(key, query);
      one.readers++;
      const subscription = one.answer.subscribe(subscriber);
      return () => {
        subscription.unsubscribe();
        one.readers--;
        if (one.readers === 0) {
          forget(one);
          one.onLeft?.();
        }
      };
    });
  };
}

function toBody(part: readonly Pending[]): QueryRequest {
  return {
    range: part[0]!.query.range,
    queries: part.map(({ query }, n) => ({ refId: String(n), ...query })),
  };
}

/** Splits queries by what one request takes. */
function inParts(queries: readonly Pending[]): Pending[][] {
  const parts: Pending[][] = [];
  let bytes = 0;
  let metrics = 0;
  for (const query of queries) {
    const size = new Blob([query.key]).size;
    const count = metricsIn(query);
    const last = parts.at(-1);
    if (last && metrics + count <= MAX_METRICS && bytes + size <= MAX_BYTES) {
      last.push(query);
      bytes += size;
      metrics += count;
    } else {
      parts.push([query]);
      bytes = size;
      metrics = count;
    }
  }
  return parts;
}

/** As the exporter counts them: a funnel or cohorts as one. */
function metricsIn({ query }: Pending): number {
  return 'metric' in query && Array.isArray(query.metric) ? query.metric.length : 1;
}
