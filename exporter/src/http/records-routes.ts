import {
  DEFAULT_RECORDS,
  RECORD_KINDS,
  RECORDS,
  type RecordSpec,
  recordPageSchema,
  recordQuerySchema,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { hasScope } from '@storepulse/http';
import type { Answering } from '../query/answering.ts';
import { writeCursor } from '../records/cursor.ts';
import { presentRecords, visibleFields } from '../records/present.ts';
import { readPage } from '../records/read-page.ts';
import { type RecordQuery, selectRecords } from '../records/select.ts';
import { writeRecordsCsv } from '../records/write-records-csv.ts';
import type { MetricStore } from '../store/store.ts';
import { clientGone } from './client-gone.ts';
import { findShop } from './find-shop.ts';
import { Problem } from './problems.ts';
import { sendList } from './send-list.ts';
import type { App } from './type-provider.ts';

/** What the routes of records depend on. */
export interface RecordsDeps {
  readonly store: MetricStore;
  readonly answering: Answering;
  readonly calendarOf: (timeZone: string) => ZoneCalendar;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
}

/** About what a page, or a search, costs beside queries: one of these reads as many documents. */
export const RECORDS_COST = 500;

/** `GET /api/v1/orders`, `customers`, `products` and `reviews`: records one by one. */
export function recordsRoutes(app: App, deps: RecordsDeps): void {
  for (const kind of RECORD_KINDS) recordsRoute(app, RECORDS[kind], deps);
}

function recordsRoute(app: App, spec: RecordSpec, { store, answering, calendarOf, now }: RecordsDeps): void {
  const { allowances, admission, deps } = answering;
  const path = `/api/v1/${spec.kind}`;
  app.get(
    path,
    {
      config: { access: spec.isPersonal ? 'read:personal' : 'read' },
      schema: {
        summary: `List the ${spec.kind} of a shop`,
        description:
          `Page by page: \`next\` of an answer is the \`cursor\` of the page after it. Several filters must all hold. ` +
          `Personal fields are there for who has the scope \`read:personal\`. With \`Accept: text/csv\` the answer is CSV; ` +
          `the header \`link\` names the next page.`,
        tags: ['records'],
        querystring: recordQuerySchema(spec),
        response: { 200: recordPageSchema(spec), default: Problem },
      },
    },
    async (request, reply) => {
      const query = request.query as unknown as RecordQuery & { limit?: number };
      const allowance = allowances.begin(clientGone(reply));
      try {
        const shop = await findShop(store, request.caller, query.shop);
        const seesPersonal = hasScope(request.caller, 'read:personal');
        const context = { shop, calendar: calendarOf(shop.timeZone), now: now(), seesPersonal };
        const selection = selectRecords(spec, query, context);
        const page = await admission.admit(RECORDS_COST, allowance.signal, () =>
          readPage(store, selection, query.limit ?? DEFAULT_RECORDS, allowance),
        );
        const records = await deps.pacer.run(presentRecords(page.documents, spec, context), allowance);
        const next = page.end ? writeCursor({ shop: shop.shop, sort: selection.sort.name }, page.end) : null;
        const csv = () => writeRecordsCsv(records, visibleFields(spec, context), spec);
        const answer = { json: { records, next, currency: shop.currency }, csv, next };
        return await sendList(request, reply, answer, { pacer: deps.pacer, allowance });
      } finally {
        allowance.end();
      }
    },
  );
}
