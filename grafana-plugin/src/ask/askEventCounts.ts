import { api as calls } from '@storepulse/contracts/api/calls';
import type { AskedEvents } from '@storepulse/contracts/grafana/validate-events';
import { MOST_STEPS } from '@storepulse/contracts/live';
import { map, type Observable, of } from 'rxjs';
import { filterParameters } from '../api/filterParameters';
import type { Outcome } from '../frames/toResponse';
import { toVolumeFrames } from '../frames/toVolumeFrames';
import { type Asking, type AskingDeps, nothingLeft } from './asking';

/** Bars in the volume of a log where the request does not tell how long they are to be. */
const DEFAULT_STEPS = 100;

/** Asks how many events there are, by severity and step of time: the volume above a log. */
export function askEventCounts(
  { shop, filters }: AskedEvents,
  asking: Asking,
  { api }: Pick<AskingDeps, 'api'>,
): Observable<Outcome> {
  const { request, range, target, remarks } = asking;
  const narrowed = filterParameters(filters);
  if (narrowed === undefined) {
    return of(nothingLeft(asking));
  }
  const wanted =
    request.intervalMs > 0 ? Math.ceil((range.to - range.from) / request.intervalMs) : DEFAULT_STEPS;
  const steps = Math.min(MOST_STEPS, Math.max(2, wanted));
  const call = calls.eventCounts({ ...{ shop, ...range, steps }, ...(narrowed as object) });
  const options = { refId: target.refId, range, sent: `GET /api/v1/${call.path}`, remarks };
  return api
    .list(call)
    .pipe(map((counts): Outcome => ({ kind: 'listed', frames: toVolumeFrames(counts, options) })));
}
