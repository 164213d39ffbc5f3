import type { AskedEvents } from '@storepulse/contracts/grafana/validate-events';
import { map, type Observable, of } from 'rxjs';
import type { EventList } from '../api/client';
import { eventsPath } from '../api/eventsPath';
import { toLogFrame } from '../frames/toLogFrame';
import type { Outcome } from '../frames/toResponse';
import { type Asking, type AskingDeps, nothingLeft } from './asking';

/** Asks for events, as log lines. */
export function askEvents(
  asked: AskedEvents,
  asking: Asking,
  { api, source }: AskingDeps,
): Observable<Outcome> {
  const { target, remarks, range } = asking;
  const path = eventsPath(asked, range);
  if (path === undefined) {
    return of(nothingLeft(asking));
  }
  const options = { refId: target.refId, shop: asked.shop, sent: `GET /api/v1/${path}`, remarks, source };
  return api
    .list<EventList>(path)
    .pipe(map((list): Outcome => ({ kind: 'listed', frames: [toLogFrame(list, options)] })));
}
