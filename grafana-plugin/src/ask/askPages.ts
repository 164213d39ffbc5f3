import { defer, EMPTY, expand, type Observable, reduce } from 'rxjs';

/** Most entries of a page of the exporter's lists. */
export const PAGE = 500;

/** A page of a list. */
interface Page {
  /** Cursor of the next page; null: there is none. */
  next: string | null;
}

/** Entries of several pages, with where the list goes on. */
export interface Pages<P extends Page, Entry> {
  /** The last page that was read. */
  last: P;
  entries: Entry[];
}

/**
 * Reads a list page by page until there are as many entries as are asked for, or no more. A page may be shorter than it could
 * be: the exporter ends one at 4 MiB.
 * @param ask for a page of at most `limit` entries, from `cursor` on
 */
export function askPages<P extends Page, Entry>(
  ask: (limit: number, cursor: string | undefined) => Observable<P>,
  limit: number,
  entriesOf: (page: P) => readonly Entry[],
): Observable<Pages<P, Entry>> {
  return defer(() => {
    let left = limit;
    return ask(Math.min(PAGE, left), undefined).pipe(
      expand((page) => {
        const read = entriesOf(page).length;
        left -= read;
        return page.next === null || read === 0 || left <= 0 ? EMPTY : ask(Math.min(PAGE, left), page.next);
      }),
      reduce<P, Pages<P, Entry> | undefined>(
        (read, page) => ({ last: page, entries: [...(read?.entries ?? []), ...entriesOf(page)] }),
        undefined,
      ) as (source: Observable<P>) => Observable<Pages<P, Entry>>,
    );
  });
}
