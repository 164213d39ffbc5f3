import {
  DEFAULT_FOUND,
  personalFieldsOf,
  RECORD_KINDS,
  RECORDS,
  type RecordKind,
  SEARCHED,
  SearchQuery,
  SearchResponse,
} from '@storepulse/contracts';
import { hasScope } from '@storepulse/http';
import { ExporterError } from '../errors.ts';
import { findRecords } from '../records/find-records.ts';
import { presentRecords } from '../records/present.ts';
import { writeFoundCsv } from '../records/write-records-csv.ts';
import { clientGone } from './client-gone.ts';
import { findShop } from './find-shop.ts';
import { Problem } from './problems.ts';
import { RECORDS_COST, type RecordsDeps } from './records-routes.ts';
import { sendList } from './send-list.ts';
import type { App } from './type-provider.ts';

/** Memory of a stored byte, until it is written: as it came, as an object, as text. */
const BYTES_PER_BYTE = 4;

/** `GET /api/v1/search`: records of all kinds, by the begin of an id or a name, or by words. */
export function searchRoute(app: App, { store, answering }: RecordsDeps): void {
  const { allowances, admission, deps } = answering;
  app.get(
    '/api/v1/search',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Search orders, customers, products and reviews of a shop',
        description:
          'Finds records whose id, name or e-mail address begins with the text, and those that have all its words. Customers ' +
          'and the texts of reviews are searched for who has the scope `read:personal`. With `Accept: text/csv` the answer is CSV.',
        tags: ['records'],
        querystring: SearchQuery,
        response: { 200: SearchResponse, default: Problem },
      },
    },
    async (request, reply) => {
      const { q, kinds, limit = DEFAULT_FOUND } = request.query;
      const allowance = allowances.begin(clientGone(reply));
      try {
        const shop = await findShop(store, request.caller, request.query.shop);
        const seesPersonal = hasScope(request.caller, 'read:personal');
        const searched = kindsFor(kinds, seesPersonal);
        const search = { shop: shop.shop, text: q, kinds: searched, limit };
        const found = await admission.admit(RECORDS_COST, allowance.signal, () =>
          findRecords(store, search, allowance),
        );
        const results: Parameters<typeof writeFoundCsv>[0][number][] = [];
        for (const { kind, match, document } of found) {
          allowance.hold(document.length * BYTES_PER_BYTE);
          const presented = presentRecords([document], RECORDS[kind], { shop, seesPersonal });
          const [record] = await deps.pacer.run(presented, allowance);
          results.push({ kind, match, record: record! });
        }
        const json = { results, searched, currency: shop.currency };
        const answer = { json, csv: () => writeFoundCsv(results) };
        return await sendList(request, reply, answer, { pacer: deps.pacer, allowance });
      } finally {
        allowance.end();
      }
    },
  );
}

/**
 * The kinds that a caller searches.
 * @throws {ExporterError} `forbidden` for one that is asked for, and only found by what the caller may not see
 */
function kindsFor(asked: readonly RecordKind[] | undefined, seesPersonal: boolean): RecordKind[] {
  const refused = asked?.find((kind) => !seesPersonal && isFoundByPersonal(kind));
  if (refused !== undefined)
    throw new ExporterError(
      'forbidden',
      `${refused} are found by what is personal: to search them, the key needs the scope read:personal`,
    );
  return RECORD_KINDS.filter((kind) => asked?.includes(kind) ?? (seesPersonal || !isFoundByPersonal(kind)));
}

/** Whether that a record is found tells something personal. */
function isFoundByPersonal(kind: RecordKind): boolean {
  const personal = personalFieldsOf(RECORDS[kind]);
  const { begins, words } = SEARCHED[kind];
  return RECORDS[kind].isPersonal || [...begins, ...words].some((field) => personal.includes(field));
}
