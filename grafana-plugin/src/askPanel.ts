import { CoreApp, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import { config } from '@grafana/runtime';
import { catchError, forkJoin, map, type Observable, of } from 'rxjs';
import type { ApiClient } from './api/client';
import { describeFailure } from './api/describeFailure';
import type { LinkTarget } from './frames/linkToExplore';
import { type Outcome, toResponse } from './frames/toResponse';
import { type ResolveContext, resolveQuery } from './query/resolveQuery';
import type { StorepulseQuery } from './types';

/** Most points that the exporter gives. */
const MAX_POINTS = 11_000;

/** Answers the queries of a panel or an Explore pane: each by itself, in requests shared with others. */
export function askPanel(
  request: DataQueryRequest<StorepulseQuery>,
  ask: ApiClient['ask'],
  context: ResolveContext,
  source: LinkTarget,
): Observable<DataQueryResponse> {
  const outcomes = request.targets.map((target) => askOne(target, request, ask, context, source));
  const palette = drawsLines(request) ? config.theme2.visualization.palette : undefined;
  return forkJoin(outcomes).pipe(map((done) => toResponse(done, palette)));
}

/** Whether times become lines. A figure or a table shows the last bucket as it is, with the exporter's notice. */
function drawsLines({ app, panelPluginId }: DataQueryRequest): boolean {
  return panelPluginId === 'timeseries' || app === CoreApp.Explore;
}

function askOne(
  target: StorepulseQuery,
  request: DataQueryRequest<StorepulseQuery>,
  ask: ApiClient['ask'],
  context: ResolveContext,
  source: LinkTarget,
): Observable<Outcome> {
  const { refId, exact = false, share: asShares = false } = target;
  const resolved = resolveQuery(target, context);
  const { remarks } = resolved;
  switch (resolved.kind) {
    case 'refused':
      return of({ kind: 'failed', refId, message: resolved.reason });
    case 'empty':
      return of({ kind: 'empty', refId, remarks });
    case 'ready': {
      const { range, maxDataPoints } = request;
      const { asked } = resolved;
      const hasBuckets = asked.type === undefined || asked.type === 'metric';
      const sent = {
        ...asked,
        range: { from: range.from.valueOf(), to: range.to.valueOf() },
        ...(maxDataPoints && hasBuckets
          ? { maxDataPoints: Math.min(Math.max(Math.round(maxDataPoints), 1), MAX_POINTS) }
          : {}),
      };
      const options = { refId, sent, exact, asShares, remarks, source, timeZone: request.timezone };
      return ask(sent).pipe(
        map((result): Outcome => ({ kind: 'answered', result, options: { ...options, now: Date.now() } })),
        catchError((error: unknown) =>
          of<Outcome>({ kind: 'failed', refId, message: describeFailure(error) }),
        ),
      );
    }
  }
}
