import type { QueryResultMetaNotice } from '@grafana/data';
import type { ApiCall } from '@storepulse/contracts/api/calls';
import type { AskedRecords } from '@storepulse/contracts/grafana/validate-records';
import type { RecordPage } from '@storepulse/contracts/records/answers';
import type { SearchResponse } from '@storepulse/contracts/records/search';
import { map, type Observable, of } from 'rxjs';
import { recordsCall } from '../api/recordsCall';
import { type AnsweredRecord, toRecordFrame } from '../frames/toRecordFrame';
import type { Outcome } from '../frames/toResponse';
import { type Asking, type AskingDeps, nothingLeft } from './asking';
import { askPages } from './askPages';

/** Asks for records, as a table. */
export function askRecords(
  asked: AskedRecords,
  asking: Asking,
  { api, source }: AskingDeps,
): Observable<Outcome> {
  const { target, remarks, range } = asking;
  const call = recordsCall(asked, range);
  if (call === undefined) {
    return of(nothingLeft(asking));
  }
  const { shop, kind } = asked;
  const scale = api.peekCatalog()?.shops.find((known) => known.shop === shop)?.scale ?? 2;
  const options = { refId: target.refId, kind, shop, scale, sent: `GET /api/v1/${call.path}`, source };
  const frameOf = (
    records: readonly AnsweredRecord[],
    currency: string,
    notices: QueryResultMetaNotice[] = [],
  ): Outcome => {
    const told = { ...options, currency, notices: [...remarks, ...notices] };
    return { kind: 'listed', frames: [toRecordFrame(records, told)] };
  };
  if (asked.search !== undefined) {
    return api
      .list(call as ApiCall<SearchResponse>)
      .pipe(map(({ results, currency }) => frameOf(results.map(found), currency)));
  }
  const page = (limit: number, cursor: string | undefined) =>
    api.list(recordsCall({ ...asked, limit }, range, cursor) as ApiCall<RecordPage>);
  return askPages(page, asked.limit, ({ records }) => records as readonly AnsweredRecord[]).pipe(
    map(({ last, entries }) => frameOf(entries, last.currency, describeCut(last, entries.length))),
  );
}

const found = ({ match, record }: { match: string; record: unknown }) => ({
  ...(record as AnsweredRecord),
  foundBy: match,
});

function describeCut({ next }: RecordPage, shown: number): QueryResultMetaNotice[] {
  const text = `The first ${shown.toLocaleString('en')} records are shown, and there are more: filter, or choose a shorter range.`;
  return next !== null ? [{ severity: 'info', text }] : [];
}
