import type { AskedEvents } from '@storepulse/contracts/grafana/validate-events';
import { map, type Observable, of } from 'rxjs';
import { eventsCall } from '../api/eventsCall';
import { toLogFrame } from '../frames/toLogFrame';
import type { Outcome } from '../frames/toResponse';
import { type Asking, type AskingDeps, nothingLeft } from './asking';
import { askPages } from './askPages';

/** Asks for events, as log lines. */
export function askEvents(
  asked: AskedEvents,
  asking: Asking,
  { api, source }: AskingDeps,
): Observable<Outcome> {
  const { target, remarks, range } = asking;
  const call = eventsCall(asked, range);
  if (call === undefined) {
    return of(nothingLeft(asking));
  }
  const options = {
    refId: target.refId,
    shop: asked.shop,
    sent: `GET /api/v1/${call.path}`,
    remarks,
    source,
  };
  const page = (limit: number, cursor: string | undefined) =>
    api.list(eventsCall({ ...asked, limit }, range, cursor)!);
  return askPages(page, asked.limit, ({ events }) => events).pipe(
    map(({ last, entries }): Outcome => {
      const frame = toLogFrame({ ...last, events: entries }, options);
      return { kind: 'listed', frames: [frame] };
    }),
  );
}
