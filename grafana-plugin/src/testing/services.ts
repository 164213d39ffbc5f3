import type { ScopedVars } from '@grafana/data';
import type { BackendSrv, BackendSrvRequest, FetchError, TemplateSrv } from '@grafana/runtime';
import { defer, delay, map, NEVER, type Observable, of, throwError } from 'rxjs';
import type { Catalog } from '../api/catalog';
import { DataSource } from '../datasource';
import type { StorepulseOptions } from '../types';
import { aCatalog, someSettings } from './fixtures';

/** What a fake exporter answers: a body, or an error with a status. */
export type Answer = (request: BackendSrvRequest) => unknown;

/** Grafana's HTTP client over a function; requests are kept in `sent`. What is streamed is told line by line by `stream`. */
export function fakeBackend(
  answer: Answer,
  stream: (request: BackendSrvRequest) => Observable<object> = () => NEVER,
): { backendSrv: BackendSrv; sent: BackendSrvRequest[] } {
  const sent: BackendSrvRequest[] = [];
  const fetch = (request: BackendSrvRequest) =>
    defer(() => {
      sent.push(request);
      const data = answer(request);
      return isFailure(data) ? throwError(() => data) : of({ data, status: 200, ok: true }).pipe(delay(0));
    });
  const chunked = (config: BackendSrvRequest) =>
    defer(() => {
      sent.push(config);
      return stream(config);
    }).pipe(
      map((line) => ({ ok: true, config, data: new TextEncoder().encode(`${JSON.stringify(line)}\n`) })),
    );
  return { backendSrv: { fetch, chunked } as unknown as BackendSrv, sent };
}

/** A failed request as Grafana reports it. */
export const failure = (status: number, data: unknown = {}): FetchError =>
  ({ status, statusText: '', data, config: { url: '/proxy' } }) as FetchError;

function isFailure(data: unknown): data is FetchError {
  return typeof data === 'object' && data !== null && 'status' in data && 'config' in data;
}

/** The value of a variable that is All; its menu lists nothing. */
export const ALL = '$__all';

/**
 * Dashboard variables with their values; several values make a multi-value variable. Replaces `$name`, `${name}` and the
 * formats that the data source asks for as Grafana does: `readVariables.test.ts` proves it on Grafana's own.
 */
export function fakeTemplateSrv(variables: Record<string, string | string[]> = {}): TemplateSrv {
  return {
    getVariables: () => Object.keys(variables).map((name) => ({ name, type: 'custom' })),
    containsTemplate: (text = '') => text.includes('$'),
    updateTimeRange: () => undefined,
    replace: (
      text = '',
      scopedVars: ScopedVars = {},
      format?: string | ((value: string | string[]) => string),
    ) =>
      text.replace(/\$(?:(\w+)|\{(\w+)(?::(\w+))?\})/g, (match, bare, braced, ownFormat) => {
        const name: string = bare ?? braced;
        const value: string | string[] | undefined = scopedVars[name]?.value ?? variables[name];
        const how = ownFormat ?? format;
        if (value === undefined) {
          return match;
        }
        if (how === 'queryparam') {
          return [value]
            .flat()
            .map((one) => `var-${name}=${encodeURIComponent(one)}`)
            .join('&');
        }
        const given = value === ALL ? [] : value;
        if (typeof how === 'function') {
          return how(given);
        }
        return Array.isArray(given) ? `{${given.join(',')}}` : given;
      }),
  } as unknown as TemplateSrv;
}

/** A data source whose exporter answers the catalogue, and the rest by `answer`. */
export function aDataSource({
  answer = () => ({ results: {} }),
  variables = {},
  settings = { apiUrl: 'http://exporter:9464' },
  catalog = aCatalog(),
  stream,
}: {
  answer?: Answer;
  variables?: Record<string, string | string[]>;
  settings?: StorepulseOptions;
  catalog?: Catalog;
  stream?: Parameters<typeof fakeBackend>[1];
} = {}) {
  const { backendSrv, sent } = fakeBackend(
    (request) => (request.url.endsWith('/api/v1/catalog') ? catalog : answer(request)),
    stream,
  );
  const templateSrv = fakeTemplateSrv(variables);
  return { datasource: new DataSource(someSettings(settings), { backendSrv, templateSrv }), sent };
}
