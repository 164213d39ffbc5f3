import type { AnyQuery, QueryResult } from '@storepulse/contracts';
import { askAlone } from '@storepulse/contracts/grafana/ask-alone';
import type {
  BackendRequest,
  BackendResponse,
  WireResult,
} from '@storepulse/contracts/grafana/backend-request';
import { UnusableQueryError } from '@storepulse/contracts/grafana/checks';
import { joinMetrics } from '@storepulse/contracts/grafana/join-metrics';
import { isShown } from '@storepulse/contracts/grafana/shown-frames';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { type AnswerDeps, answerRequest } from '../query/answer.ts';
import type { Allowance } from '../work/allowance.ts';
import { forAlerts } from './for-alerts.ts';
import { wireFrame } from './wire-frame.ts';

type Stored = BackendRequest['queries'][number];

/** Most points that a time series may have. */
const MAX_POINTS = 11_000;

/**
 * Answers what Grafana's server asks: each query as it is stored, each with a range of its own. One that can't be asked or
 * answered carries its error, and leaves the others alone.
 * @throws {ExporterError} as `answerRequest` does
 */
export async function answerBackend(
  request: BackendRequest,
  deps: AnswerDeps,
  allowance: Allowance,
): Promise<BackendResponse> {
  const { defaultShop, isAlert = false } = request;
  const results: Record<string, WireResult> = {};
  const asked: { query: AnyQuery; asShares: boolean }[] = [];
  for (const stored of request.queries) {
    const read = readStored(stored, defaultShop || undefined);
    if (typeof read === 'string') results[stored.refId] = refusal(400, read);
    else asked.push(read);
  }
  const [first] = request.queries;
  if (asked.length > 0) {
    const queries = asked.map(({ query }) => query);
    const answer = await answerRequest({ range: first!.range, queries }, deps, allowance);
    for (const { query, asShares } of asked) {
      results[query.refId] = toWire(answer.results[query.refId]!, asShares, isAlert);
    }
  }
  return { results };
}

/** The query in the API's form, or why there is none. */
function readStored(
  { refId, query: stored, range, maxDataPoints, intervalMs }: Stored,
  defaultShop: string | undefined,
): { query: AnyQuery; asShares: boolean } | string {
  try {
    const { asked, asShares } = askAlone(stored, { defaultShop, intervalMs: intervalMs || undefined });
    const hasBuckets = asked.type === undefined || asked.type === 'metric';
    const points = hasBuckets && maxDataPoints ? { maxDataPoints: Math.min(maxDataPoints, MAX_POINTS) } : {};
    return { query: { ...asked, refId, range, ...points } as AnyQuery, asShares };
  } catch (error) {
    if (error instanceof UnusableQueryError) return error.message;
    throw error;
  }
}

function toWire({ frames, meta, error }: QueryResult, asShares: boolean, isAlert: boolean): WireResult {
  if (error) return refusal(ERRORS[error.code as ErrorCode].status, `${error.title}: ${error.detail}`);
  const shown = joinMetrics(frames.filter((frame) => isShown(frame, asShares)));
  const judged = isAlert ? forAlerts(shown) : { frames: shown, notices: [] };
  const notices = [...meta.notices, ...judged.notices];
  // Remarks are about the whole answer: they are told once.
  return { status: 200, frames: judged.frames.map((frame, i) => wireFrame(frame, i === 0 ? notices : [])) };
}

const refusal = (status: number, error: string): WireResult => ({
  ...{ status, error, errorSource: 'downstream', frames: [] },
});
