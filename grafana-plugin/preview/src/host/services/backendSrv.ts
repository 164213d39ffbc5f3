import type { BackendSrv, BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { mergeMap, type Observable } from 'rxjs';
import { fromFetch } from 'rxjs/fetch';

/** What the data source uses of Grafana's HTTP client: JSON in and out, cancelled by unsubscribing. */
export const backendSrv: Pick<BackendSrv, 'fetch'> = {
  fetch<T>(config: BackendSrvRequest): Observable<FetchResponse<T>> {
    const { url, method = 'GET', data } = config;
    const init: RequestInit =
      data === undefined
        ? { method }
        : { method, body: JSON.stringify(data), headers: { 'content-type': 'application/json' } };
    return fromFetch(url, init).pipe(mergeMap((response) => toFetchResponse<T>(response, config)));
  },
};

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
