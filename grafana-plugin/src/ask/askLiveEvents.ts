import type { QueryResultMetaNotice } from '@grafana/data';
import { api as calls } from '@storepulse/contracts/api/calls';
import type { AskedEvents } from '@storepulse/contracts/grafana/validate-events';
import type { EventsPage } from '@storepulse/contracts/live';
import { auditTime, catchError, concat, defer, map, type Observable, of, switchMap } from 'rxjs';
import type { StoredEvent } from '../api/client';
import { describeFailure } from '../api/describeFailure';
import { eventsCall } from '../api/eventsCall';
import { filterParameters } from '../api/filterParameters';
import { toLogFrame } from '../frames/toLogFrame';
import type { Outcome } from '../frames/toResponse';
import { followLines } from '../live/followLines';
import { endsNow } from '../live/whyNotLive';
import { askEvents } from './askEvents';
import { type Asking, type AskingDeps, describeCut, notLive } from './asking';

/** A panel is drawn at most so often. */
const DRAW_MS = 250;
/** An event is listed when it has been counted: those of the last minute may not be in the list yet. */
const OVERLAP_MS = 60_000;

/** Asks for events and goes on with those that happen: the latest are kept, each once, as many as are asked for. */
export function askLiveEvents(asked: AskedEvents, asking: Asking, deps: AskingDeps): Observable<Outcome> {
  const call = eventsCall(asked, asking.range);
  if (call === undefined || !endsNow(asking.request)) {
    const remarks = call === undefined ? [] : [notLive('the range does not end now')];
    return askEvents(asked, { ...asking, remarks: [...asking.remarks, ...remarks] }, deps);
  }
  return deps.api.list(call).pipe(switchMap((list) => follow(asked, list, call.path, asking, deps)));
}

function follow(
  asked: AskedEvents,
  list: EventsPage,
  path: string,
  { target, remarks, range }: Asking,
  { api, source }: AskingDeps,
): Observable<Outcome> {
  const { shop, filters, limit } = asked;
  const followed = {
    shop,
    from: Math.max(range.from, range.to - OVERLAP_MS),
    ...(filterParameters(filters) as object),
  };
  const draw = (events: StoredEvent[], isLive: boolean, notices: QueryResultMetaNotice[]): Outcome => {
    const options = { refId: target.refId, shop, sent: `GET /api/v1/${path}`, source };
    const frame = toLogFrame({ ...list, events }, { ...options, remarks: [...remarks, ...notices] });
    return { kind: 'listed', frames: [frame], isLive };
  };
  return defer(() => {
    let events = list.events;
    const stream = followLines((after) => api.follow(calls.liveEvents({ ...followed, after }))).pipe(
      map((followed): QueryResultMetaNotice[] => {
        if (followed.kind === 'cut') {
          return [describeCut(followed)];
        }
        if (followed.line.type === 'event') {
          events = withEvent(events, followed.line.event as StoredEvent, limit);
        }
        return [];
      }),
      auditTime(DRAW_MS),
      map((notices) => draw(events, true, notices)),
      catchError((error: unknown) => of(draw(events, false, [notLive(describeFailure(error))]))),
    );
    return concat(of(draw(events, true, [])), stream);
  });
}

/** The latest events with another one among them, once. */
function withEvent(events: StoredEvent[], event: StoredEvent, limit: number): StoredEvent[] {
  if (events.some(({ eventId }) => eventId === event.eventId)) {
    return events;
  }
  return [event, ...events].sort((a, b) => b.eventTime - a.eventTime).slice(0, limit);
}
