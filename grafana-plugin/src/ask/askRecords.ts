import type { QueryResultMetaNotice } from '@grafana/data';
import type { AskedRecords } from '@storepulse/contracts/grafana/validate-records';
import type { RecordPage } from '@storepulse/contracts/records/answers';
import type { SearchResponse } from '@storepulse/contracts/records/search';
import { map, type Observable, of } from 'rxjs';
import { recordsCall } from '../api/recordsCall';
import { type AnsweredRecord, toRecordFrame } from '../frames/toRecordFrame';
import type { Outcome } from '../frames/toResponse';
import { type Asking, type AskingDeps, nothingLeft } from './asking';

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
  return api.list(call).pipe(
    map((answer): Outcome => {
      const records = 'results' in answer ? answer.results.map(found) : answer.records;
      const notices = [...remarks, ...describeCut(answer, records.length)];
      const { currency } = answer;
      return { kind: 'listed', frames: [toRecordFrame(records, { ...options, currency, notices })] };
    }),
  );
}

const found = ({ match, record }: { match: string; record: unknown }) => ({
  ...(record as AnsweredRecord),
  foundBy: match,
});

function describeCut(answer: RecordPage | SearchResponse, shown: number): QueryResultMetaNotice[] {
  const text = `The first ${shown.toLocaleString('en')} records are shown, and there are more: filter, or choose a shorter range.`;
  return 'next' in answer && answer.next !== null ? [{ severity: 'info', text }] : [];
}
