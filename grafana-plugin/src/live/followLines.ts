import { isFetchError } from '@grafana/runtime';
import { Observable, Subscription, timer } from 'rxjs';
import { describeFailure } from '../api/describeFailure';
import type { LiveLine } from '../api/streamLines';

/** What a stream that is followed tells: its lines, and where it was cut off. */
export type Followed = { kind: 'line'; line: LiveLine } | { kind: 'cut'; reason: string; waitMs: number };

/** The first wait before a stream is asked for again, and the longest: each one is twice the one before. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Follows a stream for as long as it is subscribed to. Cut off, it goes on behind the last line, so that none is lost or told
 * twice; what the exporter refuses altogether is an error.
 * @param open asks for the stream, from the begin or behind the line of an id
 */
export function followLines(open: (after: string | undefined) => Observable<LiveLine>): Observable<Followed> {
  return new Observable((subscriber) => {
    let after: string | undefined;
    let cuts = 0;
    let current = new Subscription();

    const begin = () => {
      current = new Subscription();
      current.add(
        open(after).subscribe({
          next: (line) => take(line),
          error: (error: unknown) =>
            isFinal(error) ? subscriber.error(error) : goOn(describeFailure(error)),
          complete: () => goOn('The stream was ended'),
        }),
      );
    };
    const take = (line: LiveLine) => {
      if (line.type === 'end') {
        // Where MongoDB does not reach back so far any more, only a stream from its begin has no gap.
        after = line.reason === 'history_lost' ? undefined : (line.after ?? after);
        goOn(line.detail);
        return;
      }
      cuts = 0;
      after = line.id;
      subscriber.next({ kind: 'line', line });
    };
    const goOn = (reason: string) => {
      current.unsubscribe();
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** cuts, LONGEST_WAIT_MS);
      cuts++;
      subscriber.next({ kind: 'cut', reason, waitMs });
      current = timer(waitMs).subscribe(begin);
    };

    begin();
    return () => current.unsubscribe();
  });
}

/** Whether asking again would be refused again; too many requests and too many streams pass. */
function isFinal(error: unknown): boolean {
  return isFetchError(error) && error.status >= 400 && error.status < 500 && error.status !== 429;
}
