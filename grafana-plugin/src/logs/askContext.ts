import {
  type DataFrame,
  type DataQueryResponse,
  FieldType,
  LoadingState,
  LogRowContextQueryDirection,
  type LogRowModel,
} from '@grafana/data';
import { api as calls } from '@storepulse/contracts/api/calls';
import { firstValueFrom } from 'rxjs';
import type { ApiClient } from '../api/client';
import type { LinkTarget } from '../frames/linkToExplore';
import { toLogFrame } from '../frames/toLogFrame';

/** What is asked of the surroundings of a log line. */
export interface ContextAsked {
  shop: string;
  row: Pick<LogRowModel, 'timeEpochMs' | 'dataFrame' | 'rowIndex'>;
  /** @default what was before the line */
  direction?: LogRowContextQueryDirection | undefined;
  /** @default 50 */
  limit?: number | undefined;
}

/** Lines of one side, when Grafana does not say how many. */
const DEFAULT_LINES = 50;
/** A page of the exporter. */
const MOST_LINES = 500;

/**
 * What happened in the shop right before, or right after, an event: all of it, whatever the query was filtered by. The event
 * itself is not among it. Of several events of one instant the others count as before.
 */
export async function askContext(
  { shop, row, direction, limit = DEFAULT_LINES }: ContextAsked,
  { api, source }: { api: Pick<ApiClient, 'list'>; source: LinkTarget },
): Promise<DataQueryResponse> {
  const isAfter = direction === LogRowContextQueryDirection.Forward;
  // The end of a range is exclusive.
  const border = row.timeEpochMs + 1;
  const call = calls.events({
    ...{ shop, limit: Math.min(limit + 1, MOST_LINES) },
    ...(isAfter ? { from: border, sort: 'eventTime' as const } : { to: border, sort: '-eventTime' as const }),
  });
  const page = await firstValueFrom(api.list(call));
  const own = idOf(row);
  const others = page.events.filter(({ eventId }) => eventId !== own).slice(0, limit);
  const events = isAfter ? others.reverse() : others;
  const sent = `GET /api/v1/${call.path}`;
  // That there is more beyond these lines is no news here.
  const frame = toLogFrame(
    { ...page, events, next: null },
    { refId: 'context', shop, sent, remarks: [], source },
  );
  return { data: [frame], state: LoadingState.Done };
}

/** The event that a line is about. */
function idOf({ dataFrame, rowIndex }: Pick<LogRowModel, 'dataFrame' | 'rowIndex'>): unknown {
  const ids = (dataFrame as DataFrame | undefined)?.fields.find(
    ({ name, type }) => name === 'id' && type === FieldType.string,
  );
  return ids?.values[rowIndex];
}
