import { map, type Observable, of } from 'rxjs';
import type { EventList } from '../api/client';
import { eventsPath } from '../api/eventsPath';
import { toLogFrame } from '../frames/toLogFrame';
import type { Outcome } from '../frames/toResponse';
import type { AskedEvents } from '../query/validateEvents';
import type { Asking, AskingDeps } from './asking';

/** Asks for events, as log lines. */
export function askEvents(
  asked: AskedEvents,
  { target, remarks, range }: Asking,
  { api, source }: AskingDeps,
): Observable<Outcome> {
  const { refId } = target;
  const path = eventsPath(asked, range);
  if (path === undefined) {
    const text = 'The filters leave no value of a field: remove one of them.';
    return of({ kind: 'empty', refId, remarks: [...remarks, { severity: 'warning', text }] });
  }
  const options = { refId, shop: asked.shop, sent: `GET /api/v1/${path}`, remarks, source };
  return api
    .list<EventList>(path)
    .pipe(map((list): Outcome => ({ kind: 'listed', frames: [toLogFrame(list, options)] })));
}
