import {
  type Catalog,
  EventLine,
  LiveEventsQuery,
  LiveMetricsQuery,
  type MetricDocument,
  type Shop,
  StreamLine,
  WindowLine,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { hasScope } from '@storepulse/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { eventSelection } from '../live/event-selection.ts';
import { createLiveIds } from '../live/place.ts';
import { presentEvent } from '../live/present-event.ts';
import type { LiveChange, LiveSelection } from '../live/selection.ts';
import type { Streams } from '../live/streams.ts';
import { liveWindows } from '../live/window-selection.ts';
import { type StreamPace, writeStream } from '../live/write-stream.ts';
import { readRange } from '../query/read-time.ts';
import type { MetricStore } from '../store/store.ts';
import { clientGone } from './client-gone.ts';
import { findShop } from './find-shop.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';

/** What the routes of live streams depend on. */
export interface LiveDeps {
  readonly store: MetricStore;
  readonly catalog: Catalog;
  readonly streams: Streams;
  readonly pace: StreamPace;
  readonly calendarOf: (timeZone: string) => ZoneCalendar;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Told of failures that are ours. */
  readonly onFailure: (error: unknown) => void;
}

/** What is told of a stream, and how. */
interface Told {
  readonly selection: LiveSelection;
  readonly lineOf: (document: Extract<LiveChange, { kind: 'document' }>['document'], id: string) => object;
}

const NDJSON = 'application/x-ndjson';
const ABOUT =
  'Lines of JSON: first what is stored since `from`, then a line `live`, then what happens, with heartbeats. Each line has an `id`: ' +
  'sent as `after` with the same other parameters, the stream goes on behind that line, without losing or repeating any. A reader ' +
  'that is too slow is told so by a line `end`, and cut off.';

/** `GET /api/v1/live/metrics` and `GET /api/v1/live/events`: what changes, while it does. */
export function liveRoutes(app: App, deps: LiveDeps): void {
  const { catalog } = deps;
  app.addHook('preClose', async () => deps.streams.stop());
  app.get(
    '/api/v1/live/metrics',
    {
      // A HEAD request would begin a stream that nobody reads.
      ...{ exposeHeadRoute: false, compress: false as never, config: { access: 'read' } },
      schema: {
        summary: 'Follow the windows of metrics of a shop',
        description: `${ABOUT} A line has the values of a window as they are, and is told with every change.`,
        tags: ['live'],
        querystring: LiveMetricsQuery,
        response: { 200: linesOf(WindowLine), default: Problem },
      },
    },
    (request, reply) =>
      stream(request, reply, request.query, deps, (shop, from) => {
        const { selection, lineOf } = liveWindows(catalog, request.query, shop, from);
        return { selection, lineOf: (document, id) => lineOf(document as unknown as MetricDocument, id) };
      }),
  );
  app.get(
    '/api/v1/live/events',
    {
      ...{ exposeHeadRoute: false, compress: false as never, config: { access: 'read' } },
      schema: {
        summary: 'Follow the events of a shop that are kept: orders, payments, refunds, reviews and the like',
        description: `${ABOUT} An event is a line once it has been counted. Personal fields are there for who has the scope \`read:personal\`.`,
        tags: ['live'],
        querystring: LiveEventsQuery,
        response: { 200: linesOf(EventLine), default: Problem },
      },
    },
    (request, reply) => {
      const seesPersonal = hasScope(request.caller, 'read:personal');
      return stream(request, reply, request.query, deps, (shop, from) => ({
        selection: eventSelection(shop.shop, request.query, from),
        lineOf: (document, id) => ({ type: 'event', id, event: presentEvent(document, shop, seesPersonal) }),
      }));
    },
  );
}

/** The answer of a stream: a schema of its lines. */
const linesOf = (line: TSchema) => ({
  description: 'lines, each one of these',
  content: { [NDJSON]: { schema: Type.Union([line, StreamLine]) } },
});

async function stream(
  request: FastifyRequest,
  reply: FastifyReply,
  query: LiveMetricsQuery | LiveEventsQuery,
  { store, streams, pace, calendarOf, now, onFailure }: LiveDeps,
  toldOf: (shop: Shop, from: number | undefined) => Told,
): Promise<FastifyReply> {
  const shop = await findShop(store, request.caller, query.shop);
  const { after, follow = true, ...asked } = query;
  const ids = createLiveIds([request.routeOptions.url, asked]);
  const resumed = after === undefined ? undefined : ids.read(after);
  const place = { calendar: calendarOf(shop.timeZone), weekStart: shop.weekStart };
  const asIs =
    query.from === undefined ? undefined : readRange({ from: query.from, to: 'now' }, now(), place).from;
  const from = resumed ? resumed.from : asIs;
  const { selection, lineOf } = toldOf(shop, from);
  const left = clientGone(reply);
  const going = streams.begin();
  try {
    const signal = AbortSignal.any([left, going.stopping]);
    const changes = store
      .follow(selection, { after: resumed?.place, follow, signal })
      [Symbol.asyncIterator]();
    // What can't be told at all is a problem, not a stream.
    const first = await changes.next();
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': `${NDJSON}; charset=utf-8`, 'cache-control': 'no-store' });
    raw.flushHeaders();
    const reason = await writeStream(fromThere(first, changes), raw, {
      ...{ left, stopping: going.stopping, pace, now, onFailure },
      lineOf: ({ document }, id) => lineOf(document, id),
      idOf: (place) => ids.write({ place, from }),
    });
    if (reason !== undefined) going.cut(reason);
    return reply;
  } finally {
    going.end();
  }
}

/** An iteration of which the first has been asked for already. */
async function* fromThere<T>(first: IteratorResult<T>, rest: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
