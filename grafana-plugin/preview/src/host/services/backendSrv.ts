import type { BackendSrv, BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { from, mergeMap, type Observable } from 'rxjs';
import { fromFetch } from 'rxjs/fetch';

/** What the data source uses of Grafana's HTTP client: JSON in and out, or a body piece by piece, cancelled by unsubscribing. */
export const backendSrv: Pick<BackendSrv, 'fetch' | 'chunked'> = {
  fetch<T>(config: BackendSrvRequest): Observable<FetchResponse<T>> {
    const { url, method = 'GET', data } = config;
    const init: RequestInit =
      data === undefined
        ? { method }
        : { method, body: JSON.stringify(data), headers: { 'content-type': 'application/json' } };
    return fromFetch(url, init).pipe(mergeMap((response) => toFetchResponse<T>(response, config)));
  },
  chunked(config) {
    return fromFetch(config.url, { selector: (response) => from(piecesOf(response, config)) });
  },
};

async function* piecesOf(
  { status, statusText, ok, headers, redirected, type, url, body }: Response,
  config: BackendSrvRequest,
): AsyncGenerator<FetchResponse<Uint8Array | undefined>> {
  const reader = body?.getReader();
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    yield { data: piece.value, status, statusText, ok, headers, redirected, type, url, config };
  }
}

async function toFetchResponse<T>(response: Response, config: BackendSrvRequest): Promise<FetchResponse<T>> {
  const { status, statusText, ok, headers, redirected, type, url } = response;
  const data = parseJson(await response.text());
  if (!ok) {
    const error: FetchError = { status, statusText, config, data: data ?? {} };
    throw error;
  }
  return { data: data as T, status, statusText, ok, headers, redirected, type, url, config };
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return { message: text };
  }
}
