import type { FetchError, FetchResponse } from '@grafana/runtime';
import type { EventLine, StreamLine, WindowLine } from '@storepulse/contracts/live';
import { concat, concatMap, defer, from, type Observable, throwError } from 'rxjs';

/** A line of a live stream. */
export type LiveLine = WindowLine | EventLine | StreamLine;

/**
 * The lines of a response that goes on. Grafana hands over the bodies of failures as it does others: here they are errors, as
 * those of other requests.
 */
export function streamLines<Line>(
  chunks: Observable<FetchResponse<Uint8Array | undefined>>,
): Observable<Line> {
  return defer(() => {
    const decoder = new TextDecoder();
    let rest = '';
    let failed: FetchResponse<unknown> | undefined;
    const lines = chunks.pipe(
      concatMap((response): Line[] => {
        rest += response.data ? decoder.decode(response.data, { stream: true }) : '';
        if (!response.ok) {
          failed = response;
          return [];
        }
        const pieces = rest.split('\n');
        rest = pieces.pop() ?? '';
        return pieces.filter((piece) => piece !== '').map((piece) => JSON.parse(piece) as Line);
      }),
    );
    const failure = defer(() => (failed ? throwError(() => toError(failed!, rest)) : from<Line[]>([])));
    return concat(lines, failure);
  });
}

function toError({ status, statusText, config }: FetchResponse<unknown>, body: string): FetchError {
  return { status, statusText, config, data: parse(body) };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return { message: body };
  }
}
