import type { AskedQuery } from '@storepulse/contracts/grafana/validate-query';
import { map, type Observable } from 'rxjs';
import type { Outcome } from '../frames/toResponse';
import type { Asking, AskingDeps } from './asking';

/** Most points that the exporter gives. */
const MAX_POINTS = 11_000;

/** Asks for what is answered in requests of several queries: metrics, funnels, cohorts. */
export function askFigures(
  asked: AskedQuery,
  { target, request, remarks, range }: Asking,
  { api, source }: AskingDeps,
): Observable<Outcome> {
  const { refId, exact = false, share: asShares = false } = target;
  const { maxDataPoints, timezone: timeZone } = request;
  const hasBuckets = asked.type === undefined || asked.type === 'metric';
  const sent = {
    ...asked,
    range,
    ...(maxDataPoints && hasBuckets
      ? { maxDataPoints: Math.min(Math.max(Math.round(maxDataPoints), 1), MAX_POINTS) }
      : {}),
  };
  const options = { refId, sent, exact, asShares, remarks, source, timeZone };
  return api
    .ask(sent)
    .pipe(map((result): Outcome => ({ kind: 'answered', result, options: { ...options, now: Date.now() } })));
}
