import { DEFAULT_EVENTS, EventsPage, EventsQuery } from '@storepulse/contracts';
import { hasScope } from '@storepulse/http';
import { readEventPage, selectEvents } from '../live/event-page.ts';
import { presentEvent } from '../live/present-event.ts';
import { readListRange } from '../query/read-time.ts';
import { writeEventsCsv } from '../records/write-records-csv.ts';
import { clientGone } from './client-gone.ts';
import { findShop } from './find-shop.ts';
import { Problem } from './problems.ts';
import { RECORDS_COST, type RecordsDeps } from './records-routes.ts';
import { sendList } from './send-list.ts';
import type { App } from './type-provider.ts';

/** `GET /api/v1/events`: the events that are kept, of all kinds in one order. */
export function eventsRoute(app: App, { store, answering, calendarOf, now }: RecordsDeps): void {
  const { allowances, admission, deps } = answering;
  app.get(
    '/api/v1/events',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List the events of a shop that are kept: orders, payments, refunds, reviews and the like',
        description:
          'Page by page: `next` of an answer is the `cursor` of the page after it, with the same other parameters. Personal fields are ' +
          'there for who has the scope `read:personal`. With `Accept: text/csv` the answer is CSV, with the event as JSON in its last ' +
          'column; the header `link` names the next page.',
        tags: ['records'],
        querystring: EventsQuery,
        response: { 200: EventsPage, default: Problem },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const allowance = allowances.begin(clientGone(reply));
      try {
        const shop = await findShop(store, request.caller, query.shop);
        const place = { calendar: calendarOf(shop.timeZone), weekStart: shop.weekStart };
        const range = readListRange(query, now(), place);
        const selection = selectEvents(query, shop, range);
        const { documents, next } = await admission.admit(RECORDS_COST, allowance.signal, () =>
          readEventPage(store, query, selection, query.limit ?? DEFAULT_EVENTS, allowance),
        );
        const seesPersonal = hasScope(request.caller, 'read:personal');
        const events = documents.map((document) => presentEvent(document, shop, seesPersonal));
        const json = { events, next, currency: shop.currency };
        const answer = { json, csv: () => writeEventsCsv(events), next };
        return await sendList(request, reply, answer, { pacer: deps.pacer, allowance });
      } finally {
        allowance.end();
      }
    },
  );
}
