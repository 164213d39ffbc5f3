import {
  createDataFrame,
  type DataFrame,
  DataFrameType,
  FieldType,
  type QueryResultMetaNotice,
} from '@grafana/data';
import { EVENT_FIELDS } from '@storepulse/contracts/grafana/event-fields';
import type { EventsPage } from '@storepulse/contracts/live';
import type { StoredEvent } from '../api/client';
import { type LinkTarget, linkToEvents } from './linkToExplore';
import { severityOf } from './severityOf';

/** How to present a list of events. */
export interface LogOptions {
  refId: string;
  shop: string;
  /** What was asked, for the query inspector. */
  sent: string;
  remarks: QueryResultMetaNotice[];
  source: LinkTarget;
}

/**
 * Log lines of events, latest first: a line is what happened and the rest of the event as `name=value`, its labels are what
 * events can be filtered by. The order of an event leads to all events of that order.
 */
export function toLogFrame({ events, next }: EventsPage, options: LogOptions): DataFrame {
  const { refId, shop, sent, remarks, source } = options;
  const field = <T>(name: string, type: FieldType, read: (event: StoredEvent) => T) => ({
    ...{ name, type, config: {}, values: events.map(read) },
  });
  const order = field('orderId', FieldType.string, ({ orderId }) => orderId ?? null);
  return createDataFrame({
    refId,
    name: 'Events',
    meta: {
      type: DataFrameType.LogLines,
      typeVersion: [0, 0],
      preferredVisualisationType: 'logs',
      executedQueryString: sent,
      notices: [...remarks, ...(next === null ? [] : [cut(events.length)])],
    },
    fields: [
      field('timestamp', FieldType.time, ({ eventTime }) => eventTime),
      field('body', FieldType.string, bodyOf),
      field('severity', FieldType.string, ({ type }) => severityOf(type)),
      field('id', FieldType.string, ({ eventId }) => eventId),
      field('labels', FieldType.other, labelsOf),
      { ...order, config: { links: linkToEvents(shop, `\${__value.raw}`, source) } },
    ],
  });
}

/** What stands in fields of its own, or is the same for all. */
const ELSEWHERE = ['type', 'eventId', 'eventTime', 'shop'];

function bodyOf(event: StoredEvent): string {
  const rest = Object.entries(event).filter(
    ([name, value]) => !ELSEWHERE.includes(name) && value !== null && value !== '',
  );
  return [event.type, ...rest.map(([name, value]) => `${name}=${textOf(value)}`)].join(' ');
}

/** A value as logfmt has it: quoted where it would be taken for several. */
function textOf(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

function labelsOf(event: StoredEvent): Record<string, string> {
  const given = Object.keys(EVENT_FIELDS).filter((name) => typeof event[name] === 'string' && event[name]);
  return Object.fromEntries(given.map((name) => [name, event[name] as string]));
}

const cut = (shown: number): QueryResultMetaNotice => ({
  severity: 'info',
  text: `The latest ${shown.toLocaleString('en')} events of the range are shown, and there are more: choose a shorter range, or filter.`,
});
