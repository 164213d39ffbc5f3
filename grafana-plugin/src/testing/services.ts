import type { BackendSrv, BackendSrvRequest, FetchError, TemplateSrv } from '@grafana/runtime';
import { defer, delay, of, throwError } from 'rxjs';
import { DataSource } from '../datasource';
import type { StorepulseOptions } from '../types';
import { aCatalog, someSettings } from './fixtures';

/** What a fake exporter answers: a body, or an error with a status. */
export type Answer = (request: BackendSrvRequest) => unknown;

/** Grafana's HTTP client over a function; requests are kept in `sent`. */
export function fakeBackend(answer: Answer): { backendSrv: BackendSrv; sent: BackendSrvRequest[] } {
  const sent: BackendSrvRequest[] = [];
  const fetch = (request: BackendSrvRequest) =>
    defer(() => {
      sent.push(request);
      const data = answer(request);
      return isFailure(data) ? throwError(() => data) : of({ data, status: 200, ok: true }).pipe(delay(0));
    });
  return { backendSrv: { fetch } as unknown as BackendSrv, sent };
}

/** A failed request as Grafana reports it. */
export const failure = (status: number, data: unknown = {}): FetchError =>
  ({ status, statusText: '', data, config: { url: '/proxy' } }) as FetchError;

function isFailure(data: unknown): data is FetchError {
  return typeof data === 'object' && data !== null && 'status' in data && 'config' in data;
}

/** Dashboard variables with their values; several values make a multi-value variable. */
export function fakeTemplateSrv(variables: Record<string, string | string[]> = {}): TemplateSrv {
  return {
    getVariables: () => Object.keys(variables).map((name) => ({ name })),
    containsTemplate: (text = '') => text.includes('$'),
    updateTimeRange: () => undefined,
    replace: (text = '', _scopedVars?: object, format?: string | ((value: string | string[]) => string)) =>
      text.replace(/\$(\w+)/g, (match, name: string) => {
        const value = variables[name] ?? match;
        if (typeof format === 'function') {
          return format(value);
        }
        return Array.isArray(value) ? `{${value.join(',')}}` : value;
      }),
  } as unknown as TemplateSrv;
}

/** A data source whose exporter answers the catalogue, and the rest by `answer`. */
export function aDataSource({
  answer = () => ({ results: {} }),
  variables = {},
  settings = {},
}: {
  answer?: Answer;
  variables?: Record<string, string | string[]>;
  settings?: StorepulseOptions;
} = {}) {
  const { backendSrv, sent } = fakeBackend((request) =>
    request.url.endsWith('/api/v1/catalog') ? aCatalog() : answer(request),
  );
  const templateSrv = fakeTemplateSrv(variables);
  return { datasource: new DataSource(someSettings(settings), { backendSrv, templateSrv }), sent };
}
