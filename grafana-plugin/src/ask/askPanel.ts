import { CoreApp, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import { config } from '@grafana/runtime';
import type { AskedAny } from '@storepulse/contracts/grafana/validate-query';
import { catchError, combineLatest, map, type Observable, of } from 'rxjs';
import { describeFailure } from '../api/describeFailure';
import { type Outcome, toResponse } from '../frames/toResponse';
import { type ResolveContext, resolveQuery } from '../query/resolveQuery';
import type { StorepulseQuery } from '../types';
import { askEventCounts } from './askEventCounts';
import { askEvents } from './askEvents';
import { askFigures } from './askFigures';
import type { Asking, AskingDeps } from './asking';
import { askLiveEvents } from './askLiveEvents';
import { askLiveFigures } from './askLiveFigures';
import { askRecords } from './askRecords';

/** Answers the queries of a panel or an Explore pane: each by itself, in requests shared with others. */
export function askPanel(
  request: DataQueryRequest<StorepulseQuery>,
  context: ResolveContext,
  deps: AskingDeps,
): Observable<DataQueryResponse> {
  const outcomes = request.targets.map((target) => askOne(target, request, context, deps));
  const palette = drawsLines(request) ? config.theme2.visualization.palette : undefined;
  return combineLatest(outcomes).pipe(map((done) => toResponse(done, palette)));
}

/** Whether times become lines. A figure or a table shows the last bucket as it is, with the exporter's notice. */
function drawsLines({ app, panelPluginId }: DataQueryRequest): boolean {
  return panelPluginId === 'timeseries' || app === CoreApp.Explore;
}

function askOne(
  target: StorepulseQuery,
  request: DataQueryRequest<StorepulseQuery>,
  context: ResolveContext,
  deps: AskingDeps,
): Observable<Outcome> {
  const { refId } = target;
  const resolved = resolveQuery(target, context);
  const { remarks } = resolved;
  switch (resolved.kind) {
    case 'refused':
      return of({ kind: 'failed', refId, message: resolved.reason });
    case 'empty':
      return of({ kind: 'empty', refId, remarks });
    case 'ready': {
      const { range } = request;
      const asking: Asking = {
        ...{ target, request, remarks },
        range: { from: range.from.valueOf(), to: range.to.valueOf() },
      };
      return ask(resolved.asked, asking, deps).pipe(
        catchError((error: unknown) =>
          of<Outcome>({ kind: 'failed', refId, message: describeFailure(error) }),
        ),
      );
    }
  }
}

function ask(asked: AskedAny, asking: Asking, deps: AskingDeps): Observable<Outcome> {
  switch (asked.type) {
    case 'events':
      if (asking.target.countOnly) {
        return askEventCounts(asked, asking, deps);
      }
      return isLive(asking) ? askLiveEvents(asked, asking, deps) : askEvents(asked, asking, deps);
    case 'records':
      return askRecords(asked, asking, deps);
    case 'funnel':
    case 'cohort':
      return askFigures(asked, asking, deps);
    default:
      return isLive(asking) && asked.format !== 'heatmap'
        ? askLiveFigures(asked, asking, deps)
        : askFigures(asked, asking, deps);
  }
}

/** Whether a query is to be followed: by its author, or by Explore's Live. */
function isLive({ target, request }: Asking): boolean {
  return target.live === true || request.liveStreaming === true;
}
