import type { QueryResultMetaNotice } from '@grafana/data';
import { api as calls } from '@storepulse/contracts/api/calls';
import type { Asked, MetricsQuery } from '@storepulse/contracts/grafana/validate-query';
import type { WindowLine } from '@storepulse/contracts/live';
import type { QueryResult } from '@storepulse/contracts/query';
import { auditTime, catchError, concat, defer, map, type Observable, of, switchMap } from 'rxjs';
import { describeFailure } from '../api/describeFailure';
import type { Outcome } from '../frames/toResponse';
import { followLines } from '../live/followLines';
import { LENGTHS, resolutionOf } from '../live/resolutionOf';
import { whyNotLive } from '../live/whyNotLive';
import { withWindows } from '../live/withWindows';
import { askFigures } from './askFigures';
import { type Asking, type AskingDeps, describeCut, notLive } from './asking';

type Answered = Extract<Outcome, { kind: 'answered' }>;

/** A panel is drawn at most so often. */
const DRAW_MS = 250;

/**
 * Asks for the figures of a metric, or of several, and goes on with what changes: first the answer, then the windows of its range as they are
 * now, each change of them. What can't be followed is answered all the same, and says why it is not live.
 */
export function askLiveFigures(
  asked: Asked<MetricsQuery>,
  asking: Asking,
  deps: AskingDeps,
): Observable<Outcome> {
  const reason = whyNotLive(asked, asking.request);
  if (reason !== undefined) {
    return askFigures(asked, { ...asking, remarks: [...asking.remarks, notLive(reason)] }, deps);
  }
  const { limit: _limit, ...whole } = asked;
  const resolution = resolutionOf(asked.interval, asking.range);
  return askFigures({ ...whole, interval: resolution }, asking, deps).pipe(
    switchMap((outcome) =>
      outcome.kind === 'answered' && outcome.result && !outcome.result.error
        ? concat(of({ ...outcome, isLive: true }), follow(asked, outcome, outcome.result, asking, deps))
        : of(outcome),
    ),
  );
}

function follow(
  asked: Asked<MetricsQuery>,
  outcome: Answered,
  result: QueryResult,
  { range }: Asking,
  { api }: AskingDeps,
): Observable<Outcome> {
  const { shop, metric, groupBy, interval } = asked;
  const resolution = resolutionOf(interval, range);
  const dimension = typeof groupBy === 'string' ? groupBy : undefined;
  const metrics = [metric].flat();
  const from = firstWindow(result, range.from);
  const followed = { shop, metric: metrics, resolution, from, dimension };
  // The first window has begun before the range.
  const options = {
    ...{ dimension, spanMs: range.to - range.from + LENGTHS[resolution] },
    stepMs: resolution === '1d' ? undefined : LENGTHS[resolution],
  };
  const { metrics: known = [] } = api.peekCatalog() ?? {};
  const isZeroTrue = (name: string) => {
    const kind = known.find((each) => each.name === name)?.kind;
    return kind === 'stored' || kind === 'derived';
  };
  /** The answer has a frame for each metric. */
  const filled = (windows: ReadonlyMap<number, WindowLine>): QueryResult => ({
    ...result,
    frames: result.frames.map((frame, n) => {
      const name = metrics[n] ?? '';
      const own = { ...options, metric: name, isZeroTrue: isZeroTrue(name) };
      return metrics[n] === undefined ? frame : withWindows(frame, windows, own);
    }),
  });
  const told = (notices: QueryResultMetaNotice[]) => ({
    ...outcome.options,
    ...{ now: Date.now(), remarks: [...outcome.options.remarks, ...notices] },
  });
  return defer(() => {
    const windows = new Map<number, WindowLine>();
    return followLines((after) => api.follow(calls.liveMetrics({ ...followed, after }))).pipe(
      map((followed): QueryResultMetaNotice[] => {
        if (followed.kind === 'cut') {
          return [describeCut(followed)];
        }
        if (followed.line.type === 'window') {
          windows.set(followed.line.start, followed.line);
          forget(windows, options.spanMs);
        }
        return [];
      }),
      auditTime(DRAW_MS),
      map(
        (notices): Outcome => ({
          ...{ kind: 'answered', isLive: true, options: told(notices) },
          result: filled(windows),
        }),
      ),
      catchError((error: unknown) =>
        of<Outcome>({ ...outcome, options: told([notLive(describeFailure(error))]) }),
      ),
    );
  });
}

/**
 * When the first window of an answer begins, which may be before the range: of an hour that is shown by its last minutes the
 * window is the one that goes on changing.
 */
function firstWindow({ frames }: QueryResult, begin: number): number {
  const firsts = frames.map(({ fields: [time] }) => time?.values[0]);
  return Math.min(begin, ...firsts.filter((first) => typeof first === 'number'));
}

/** Windows that have left the range are not kept. */
function forget(windows: Map<number, WindowLine>, spanMs: number): void {
  const latest = Math.max(...windows.keys());
  for (const start of windows.keys()) {
    if (start <= latest - spanMs) {
      windows.delete(start);
    }
  }
}
