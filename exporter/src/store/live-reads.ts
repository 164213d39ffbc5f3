import type { ChangeStream, ChangeStreamDocument, Db, Document } from 'mongodb';
import { MongoServerError, Timestamp } from 'mongodb';
import { ExporterError } from '../errors.ts';
import { inOrder } from '../live/in-order.ts';
import type { LivePlace, LogicalTime, StoredPlace } from '../live/place.ts';
import type { FollowOptions, LiveChange, LiveSelection } from '../live/selection.ts';

/** Documents that the history of a stream may have. */
const MAX_HISTORY = 20_000;
/** Documents per message of the server: few, since they wait in memory for their reader. */
const BATCH = 50;
/** How long the server waits for a change before it says that there is none. */
const AWAIT_MS = 1_000;
/** Of a place that the server's logs, or its snapshots, do not reach any more. */
const LOST = new Set([136, 239, 246, 280, 286]);

/** Label of errors after which a stream goes on by itself. */
const CAN_GO_ON = 'ResumableChangeStreamError';

/**
 * Follows collections: first what is stored, as it was at one logical time, then each change after that time, in the order
 * in which they were committed. The server keeps both for a while, so a stream can go on where it was cut off.
 */
export function createLiveReads(
  db: Db,
  maxTimeMS: number,
): { follow(selection: LiveSelection, options: FollowOptions): AsyncGenerator<LiveChange> } {
  const logicalTime = async (): Promise<LogicalTime> => {
    const { operationTime } = (await db.command({ hello: 1 })) as { operationTime: Timestamp };
    return [operationTime.getHighBits(), operationTime.getLowBits()];
  };

  const countHistory = async ({ sources, time, hasDates, from = 0 }: LiveSelection): Promise<void> => {
    const since = hasDates ? new Date(from) : from;
    const counts = await Promise.all(
      sources.map(({ collection, filter }) =>
        db
          .collection(collection)
          .countDocuments({ ...filter, [time]: { $gte: since } }, { maxTimeMS, limit: MAX_HISTORY + 1 }),
      ),
    );
    if (counts.reduce((sum, count) => sum + count, 0) > MAX_HISTORY)
      throw new ExporterError(
        'too_many_windows',
        `more than ${MAX_HISTORY} documents are stored since "from": begin later`,
      );
  };

  /** What one source has stored behind a place, as it was at a logical time. */
  const stored = async function* (
    selection: LiveSelection,
    source: number,
    asOf: LogicalTime,
    behind: StoredPlace | undefined,
  ): AsyncGenerator<{ place: StoredPlace; document: Document }> {
    const { collection } = selection.sources[source]!;
    const cursor = await db.runCursorCommand(
      {
        find: collection,
        filter: behindPlace(selection, source, behind),
        sort: { [selection.time]: 1, _id: 1 },
        ...(selection.fields ? { projection: projectionOf(selection) } : {}),
        batchSize: BATCH,
        maxTimeMS,
        readConcern: { level: 'snapshot', atClusterTime: timestampOf(asOf) },
      },
      {},
    );
    cursor.setBatchSize(BATCH);
    try {
      for await (const document of cursor) {
        const time = Number(document[selection.time]);
        yield { place: { time, source, id: String(document._id) }, document };
      }
    } finally {
      await cursor.close();
    }
  };

  const history = async function* (
    selection: LiveSelection,
    asOf: LogicalTime,
    behind: StoredPlace | undefined,
  ): AsyncGenerator<LiveChange> {
    const lists = selection.sources.map((_, source) => stored(selection, source, asOf, behind));
    for await (const { place, document } of inOrder(lists))
      yield { kind: 'document', place: { at: 'history', asOf, behind: place }, document };
  };

  const changes = async function* (
    selection: LiveSelection,
    after: Exclude<LivePlace, { at: 'history' }>,
    signal: AbortSignal,
  ): AsyncGenerator<LiveChange> {
    const stream: ChangeStream<Document, ChangeStreamDocument> = db.watch(pipelineOf(selection), {
      ...(after.at === 'change'
        ? { resumeAfter: { _data: after.token } }
        : { startAtOperationTime: timestampOf([after.asOf[0], after.asOf[1] + 1]) }),
      ...{ maxAwaitTimeMS: AWAIT_MS, batchSize: BATCH },
    });
    let isOpen = false;
    try {
      while (!signal.aborted) {
        const change = (await stream.tryNext()) as
          | (ChangeStreamDocument & { fullDocument?: Document })
          | null;
        isOpen = true;
        const { _data: token } = (change?._id ?? stream.resumeToken) as { _data: string };
        const place: LivePlace = { at: 'change', token };
        if (change?.fullDocument) yield { kind: 'document', place, document: change.fullDocument };
        else yield { kind: 'idle', place };
      }
    } catch (error) {
      // The server can tell many ways in which a token is none of its own.
      const isRefused = error instanceof MongoServerError && !error.hasErrorLabel(CAN_GO_ON);
      throw !isOpen && after.at === 'change' && isRefused ? historyLost(error) : error;
    } finally {
      await stream.close();
    }
  };

  return {
    follow: async function* (selection, { after, follow, signal }) {
      try {
        const begin: LivePlace = after ?? { at: 'end', asOf: await logicalTime() };
        let place = begin;
        if (begin.at !== 'change' && (after === undefined || begin.at === 'history')) {
          const { asOf } = begin;
          if (selection.from !== undefined) {
            await countHistory(selection);
            yield* history(selection, asOf, begin.at === 'history' ? begin.behind : undefined);
          }
          place = { at: 'end', asOf };
          yield { kind: 'reached', place };
          if (!follow) return;
        }
        for await (const change of changes(
          selection,
          place as Exclude<LivePlace, { at: 'history' }>,
          signal,
        )) {
          yield change.kind === 'idle' && !follow ? { ...change, kind: 'reached' } : change;
          if (change.kind === 'idle' && !follow) return;
        }
      } catch (error) {
        throw isLost(error) ? historyLost(error) : error;
      }
    },
  };
}

const timestampOf = ([t, i]: LogicalTime) => new Timestamp({ t, i });

/** The documents of a source that lie behind a place, or from the begin of the history on. */
function behindPlace(
  { sources, time, hasDates, from = 0 }: LiveSelection,
  source: number,
  behind: StoredPlace | undefined,
): Document {
  const { filter } = sources[source]!;
  const stored = (ms: number) => (hasDates ? new Date(ms) : ms);
  if (!behind) return { ...filter, [time]: { $gte: stored(from) } };
  if (source < behind.source) return { ...filter, [time]: { $gt: stored(behind.time) } };
  if (source > behind.source) return { ...filter, [time]: { $gte: stored(behind.time) } };
  // Each alternative has the whole filter: only then MongoDB goes by the index for both.
  return {
    $or: [
      { ...filter, [time]: { $gt: stored(behind.time) } },
      // The filter may have a condition on `_id` of its own.
      { $and: [filter, { [time]: stored(behind.time), _id: { $gt: behind.id } }] },
    ],
  };
}

function projectionOf({ fields = [], time }: LiveSelection): Document {
  return Object.fromEntries([time, ...fields].map((field) => [field, 1]));
}

/** Lets through, on the server, the changes that a stream tells of, and of these the fields that it needs. */
function pipelineOf(selection: LiveSelection): Document[] {
  const { sources, time, hasDates, from, fields, tellsChanges } = selection;
  const isWanted = sources.map(({ collection, filter }) => ({
    'ns.coll': collection,
    ...Object.fromEntries(
      Object.entries(filter).map(([field, condition]) => [`fullDocument.${field}`, condition]),
    ),
  }));
  const since =
    from === undefined ? {} : { [`fullDocument.${time}`]: { $gte: hasDates ? new Date(from) : from } };
  return [
    {
      $match: {
        operationType: { $in: tellsChanges ? ['insert', 'replace'] : ['insert'] },
        ...since,
        $or: isWanted,
      },
    },
    ...(fields
      ? [
          {
            $project: Object.fromEntries(
              ['operationType', 'ns', 'documentKey', 'fullDocument._id']
                .concat([time, ...fields].map((field) => `fullDocument.${field}`))
                .map((field) => [field, 1]),
            ),
          },
        ]
      : []),
  ];
}

const isLost = (error: unknown): boolean =>
  error instanceof MongoServerError && typeof error.code === 'number' && LOST.has(error.code);

const historyLost = (error: unknown) =>
  new ExporterError(
    'history_lost',
    'MongoDB does not reach back to where this stream would go on: begin anew without "after"',
    { cause: error },
  );
