import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ExporterError } from '../errors.ts';

/** Logical time of MongoDB: seconds and a count within them. */
const LogicalTime = Type.Tuple([Type.Integer(), Type.Integer()]);
/** Logical time of MongoDB: seconds and a count within them. */
export type LogicalTime = readonly [seconds: number, count: number];

/** Where a document of the history is: they are told by time, then collection, then id. */
export interface StoredPlace {
  /** Epoch ms. */
  readonly time: number;
  /** Place of its collection, or group, in the selection. */
  readonly source: number;
  readonly id: string;
}

/**
 * How far a stream has come: in the history as it was at a logical time, at the history's end, or behind a change that
 * MongoDB has told of.
 */
export type LivePlace =
  | { readonly at: 'history'; readonly asOf: LogicalTime; readonly behind: StoredPlace }
  | { readonly at: 'end'; readonly asOf: LogicalTime }
  | { readonly at: 'change'; readonly token: string };

const Place = Type.Union([
  Type.Tuple([Type.Literal('h'), LogicalTime, Type.Integer(), Type.Integer(), Type.String()]),
  Type.Tuple([Type.Literal('e'), LogicalTime]),
  Type.Tuple([Type.Literal('c'), Type.String()]),
]);
/** A stream, the begin of its history, and a place in it. */
const Written = Type.Tuple([Type.String(), Type.Union([Type.Integer(), Type.Null()]), Place]);

/** Where a stream goes on. */
export interface LiveResumption {
  readonly place: LivePlace;
  /** Begin of the history as it was asked for first, epoch ms: `now-1h` is another time by now. */
  readonly from: number | undefined;
}

/** Writes places of one stream as ids, and reads them. Those of another stream are refused: lines would be lost. */
export interface LiveIds {
  write(resumption: LiveResumption): string;
  /** @throws {ExporterError} `invalid_request` when it is no id of this stream */
  read(id: string): LiveResumption;
}

const DIGEST_LENGTH = 10;

/** @param asked what the stream was asked for, in one form */
export function createLiveIds(asked: unknown): LiveIds {
  const stream = createHash('sha256')
    .update(JSON.stringify(asked))
    .digest('base64url')
    .slice(0, DIGEST_LENGTH);
  return {
    write: ({ place, from = null }) =>
      Buffer.from(JSON.stringify([stream, from, partsOf(place)])).toString('base64url'),
    read: (id) => {
      const written = parse(id);
      if (!Value.Check(Written, written) || written[0] !== stream)
        throw new ExporterError(
          'invalid_request',
          '"after" is no id of this stream: send the id of a line, and the other parameters as they were for that line',
        );
      return { place: placeOf(written[2]), from: written[1] ?? undefined };
    },
  };
}

function partsOf(place: LivePlace): Static<typeof Place> {
  if (place.at === 'change') return ['c', place.token];
  if (place.at === 'end') return ['e', [...place.asOf]];
  const { time, source, id } = place.behind;
  return ['h', [...place.asOf], time, source, id];
}

function placeOf(parts: Static<typeof Place>): LivePlace {
  if (parts[0] === 'c') return { at: 'change', token: parts[1] };
  if (parts[0] === 'e') return { at: 'end', asOf: parts[1] };
  const [, asOf, time, source, id] = parts;
  return { at: 'history', asOf, behind: { time, source, id } };
}

function parse(id: string): unknown {
  try {
    return JSON.parse(Buffer.from(id, 'base64url').toString());
  } catch {
    return undefined;
  }
}
