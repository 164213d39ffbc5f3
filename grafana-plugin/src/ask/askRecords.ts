import type { QueryResultMetaNotice } from '@grafana/data';
import type { AskedRecords } from '@storepulse/contracts/grafana/validate-records';
import { map, type Observable, of } from 'rxjs';
import { recordsPath } from '../api/recordsPath';
import { type AnsweredRecord, toRecordFrame } from '../frames/toRecordFrame';
import type { Outcome } from '../frames/toResponse';
import { type Asking, type AskingDeps, nothingLeft } from './asking';

/** A page of records, or what a search has found. */
type Answer = { currency: string } & (
  | { records: AnsweredRecord[]; next: string | null }
  | { results: Array<{ match: string; record: AnsweredRecord }> }
);

/** Asks for records, as a table. */
export function askRecords(
  asked: AskedRecords,
  asking: Asking,
  { api, source }: AskingDeps,
): Observable<Outcome> {
  const { target, remarks, range } = asking;
  const path = recordsPath(asked, range);
  if (path === undefined) {
    return of(nothingLeft(asking));
  }
  const { shop, kind } = asked;
  const scale = api.peekCatalog()?.shops.find((known) => known.shop === shop)?.scale ?? 2;
  const options = { refId: target.refId, kind, shop, scale, sent: `GET /api/v1/${path}`, source };
  return api.list<Answer>(path).pipe(
    map((answer): Outcome => {
      const records = 'results' in answer ? answer.results.map(found) : answer.records;
      const notices = [...remarks, ...describeCut(answer, records.length)];
      const { currency } = answer;
      return { kind: 'listed', frames: [toRecordFrame(records, { ...options, currency, notices })] };
    }),
  );
}

const found = ({ match, record }: { match: string; record: AnsweredRecord }) => ({
  ...record,
  foundBy: match,
});

function describeCut(answer: Answer, shown: number): QueryResultMetaNotice[] {
  const text = `The first ${shown.toLocaleString('en')} records are shown, and there are more: filter, or choose a shorter range.`;
  return 'next' in answer && answer.next !== null ? [{ severity: 'info', text }] : [];
}
