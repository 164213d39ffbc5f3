import { mkdir, rm } from 'node:fs/promises';
import type { TailState, TopicName } from '@storepulse/contracts';
import type { Duck, LakeFile, LakeType } from '@storepulse/lake';
import type { LakeCollections, LakeTask } from '@storepulse/lake/manifest';
import { type ErasedPerson, findErased } from '../clear.ts';
import { type Place, type Reading, startReading, type Taken } from './reading.ts';
import {
  type Archived,
  type Gone,
  isCut,
  leftOf,
  rewriteSegments,
  type Segment,
  writeSegment,
} from './segments.ts';
import type { TailSource } from './source.ts';

/** What the log has beyond the lake. */
export interface TailContent {
  readonly state: TailState;
  /** In the lake's layout; `_id` is where it can be read. */
  readonly files: readonly LakeFile[];
  readonly rows: number;
  /** By `topic/partition`: everything before it is in the lake or in these files. */
  readonly positions: ReadonlyMap<string, number>;
  /** What was appended before it (epoch ms) is in the lake or in these files; null: not known. */
  readonly readAt: number | null;
  /** Another one where reading has begun anew: what was read before may be gone. */
  readonly generation: number;
}

/** The log from where the lake ends, for who reads the lake: what the archiver has not written yet, as it will write it. */
export interface Tail {
  /** Says that somebody asks: reading begins, or goes on. */
  wake(): void;
  /** Returns once what the log had when it was called is read, or after `patienceMs`. */
  catchUp(patienceMs: number): Promise<void>;
  /**
   * What was read and is not in a lake that goes so far. Files of the answer before can be read for some seconds.
   * @param duck writes the files
   */
  content(tasks: readonly LakeTask[], duck: Duck): Promise<TailContent>;
  close(): Promise<void>;
}

/** What a tail is built from. */
export interface TailOptions {
  /** @param onCrash told when it can't be read any more */
  readonly open: (onCrash: (error: Error) => void) => Promise<TailSource>;
  readonly collections: Pick<LakeCollections, 'erased' | 'tasks'>;
  readonly lakeTypes: ReadonlyMap<string, LakeType>;
  /** Local, for this tail alone. */
  readonly folder: string;
  /** Bytes of rows, as lines of JSON, that it holds at most. */
  readonly maxBytes: number;
  /** It ends when nobody asks for so long, ms. @default 5 minutes */
  readonly idleMs?: number;
  /** Wall clock, epoch ms. @default Date.now */
  readonly now?: () => number;
  /** Told why the log can't be read; it is tried again. */
  readonly onFailure: (error: Error) => void;
}

/** Segments of one shop and type at most: more become one. */
const MOST_SEGMENTS = 32;
/** Files that are of no use stay so long, ms: somebody may read them. */
const KEEP_MS = 10_000;
/** After a failure, until reading is begun anew. */
const RETRY_MS = 3_000;

interface Run {
  readonly generation: number;
  source?: TailSource;
  reading?: Reading;
  segments: readonly Segment[];
  /** Erased since it began. */
  readonly gone: Map<string, ErasedPerson>;
  askedAt: number | undefined;
  readAt: number | null;
}

/** Builds a tail that rests until it is woken. */
export function createTail(options: TailOptions): Tail {
  const { collections, lakeTypes, folder, maxBytes, idleMs = 300_000, now = Date.now, onFailure } = options;
  let run: Run | undefined;
  let generation = 0;
  let wokenAt = Number.NEGATIVE_INFINITY;
  let failedAt: number | undefined;
  let beginning: Promise<void> = Promise.resolve();
  let ending: Promise<void> = Promise.resolve();
  let closed = false;
  let unused: { place: string; at: number }[] = [];

  const held = (of: Run) => (of.reading?.bytes ?? 0) + of.segments.reduce((sum, { bytes }) => sum + bytes, 0);
  const drop = (places: readonly string[]) => {
    unused.push(...places.map((place) => ({ place, at: now() })));
  };
  const sweep = async () => {
    const due = unused.filter(({ at }) => now() - at >= KEEP_MS);
    unused = unused.filter(({ at }) => now() - at < KEEP_MS);
    await Promise.all(due.map(({ place }) => rm(place, { force: true })));
  };
  const end = (ended: Run, error?: Error) => {
    if (run !== ended) return;
    run = undefined;
    drop(ended.segments.map(({ place }) => place));
    if (error) {
      failedAt = now();
      onFailure(error);
    }
    const stop = async () => {
      await ended.reading?.stop().catch(() => {});
      await ended.source?.close().catch(() => {});
    };
    ending = Promise.all([ending, stop()]).then(() => {});
  };
  const begin = async (own: Run): Promise<void> => {
    try {
      await ending;
      await mkdir(folder, { recursive: true });
      const source = await options.open((error) => end(own, error));
      if (run !== own) return void (await source.close());
      own.source = source;
      const reading = await startReading({
        ...{ source, lakeTypes, now },
        tasks: () => collections.tasks.find().toArray(),
        hasRoom: () => held(own) < maxBytes,
        onEnd: (error) => end(own, error),
      });
      own.reading = reading;
      if (run !== own) await reading.stop();
    } catch (error) {
      end(own, error as Error);
    }
  };
  const wake = () => {
    wokenAt = now();
    if (run || closed || (failedAt !== undefined && now() - failedAt < RETRY_MS)) return;
    run = {
      ...{ generation: ++generation, segments: [], gone: new Map() },
      ...{ askedAt: undefined, readAt: null },
    };
    beginning = begin(run);
  };

  /** Notes who was erased and who has returned. @returns those who are erased anew */
  const noteGone = ({ gone }: Run, taken: readonly Taken[]): Set<string> => {
    const anew = new Set<string>();
    for (const { arrived } of taken)
      for (const [key, { erasedAt, toldAt }] of arrived.people) {
        const customerId = key.slice(key.indexOf('|') + 1);
        if (erasedAt !== undefined) {
          gone.set(key, { customerId, before: toldAt });
          anew.add(key);
        } else if (gone.get(key)?.before === undefined && gone.has(key))
          gone.set(key, { customerId, before: toldAt });
      }
    return anew;
  };
  /** Those who are erased, of all who are named. */
  const goneOf = async (own: Run, taken: readonly Taken[]): Promise<Gone> => {
    const named = taken.flatMap(({ arrived }) => arrived.groups.flatMap(({ customers }) => [...customers]));
    const earlier = await findErased(collections, [...new Set(named)]);
    for (const { arrived } of taken)
      for (const [key, { toldAt }] of arrived.people) {
        const person = earlier.get(key);
        if (person && person.before === undefined && toldAt !== undefined)
          earlier.set(key, { ...person, before: toldAt });
      }
    return new Map([...earlier, ...own.gone]);
  };
  /** Brings the segments of a run up to the lake, and to what has come. */
  const bring = async (own: Run, reading: Reading, tasks: readonly LakeTask[], duck: Duck): Promise<void> => {
    const archived = archivedOf(reading.places, tasks);
    if (!archived) return end(own, new Error('the lake has gone back: what lies behind it is read anew'));
    const taken = reading.take();
    const anew = noteGone(own, taken);
    const gone = await goneOf(own, taken);
    const kept: Segment[] = [];
    for (const group of Map.groupBy(own.segments, ({ file }) => `${file.shop}|${file.type}`).values()) {
      const ofTopic = archived.get(group[0]!.lakeType.spec.topic) ?? new Map();
      const names = ({ customers }: Segment) => anew.size > 0 && [...customers].some((key) => anew.has(key));
      const touched = group.filter(
        (segment) => group.length > MOST_SEGMENTS || isCut(segment.ranges, ofTopic) || names(segment),
      );
      kept.push(...group.filter((segment) => !touched.includes(segment)));
      const rewritten = await rewriteSegments(duck, folder, touched, ofTopic, gone);
      if (rewritten && rewritten.file.rows > 0) kept.push(rewritten);
      drop(touched.map(({ place }) => place));
    }
    for (const { topic, arrived, ranges } of taken) {
      const left = leftOf(ranges, archived.get(topic) ?? new Map());
      if (left.size === 0) continue;
      for (const group of arrived.groups)
        kept.push(await writeSegment(duck, folder, group, { topic, ranges: left }, gone));
    }
    own.segments = kept;
    reading.goOn();
  };
  const stateOf = (own: Run): TailState => {
    if (!own.reading || own.reading.places.size === 0) return 'starting';
    if (held(own) >= maxBytes) return 'full';
    return own.askedAt === undefined ? 'behind' : 'current';
  };
  const nothing = (state: TailState): TailContent => ({
    ...{ state, files: [], rows: 0, positions: new Map(), readAt: null, generation },
  });

  return {
    wake,
    catchUp: async (patienceMs) => {
      const own = run;
      if (!own) return;
      const began = now();
      const late = new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
      if (!own.reading) await Promise.race([beginning, late]);
      const left = Math.max(0, patienceMs - (now() - began));
      own.askedAt = await own.reading?.catchUp(left).catch(() => undefined);
    },
    content: async (tasks, duck) => {
      await sweep();
      if (now() - wokenAt > idleMs) {
        failedAt = undefined;
        if (run) end(run);
      }
      const own = run;
      if (!own) return nothing(failedAt === undefined ? 'off' : 'failed');
      const { reading } = own;
      if (!reading) return nothing('starting');
      // What was taken and is in no file is gone: then it is read anew.
      await bring(own, reading, tasks, duck).catch((error) => end(own, error));
      if (run !== own) return nothing('failed');
      failedAt = undefined;
      if (own.askedAt !== undefined) own.readAt = own.askedAt;
      const positions = [...reading.places].map(([id, { taken }]) => [id, taken] as const);
      return {
        ...{ state: stateOf(own), files: own.segments.map(({ file }) => file), generation: own.generation },
        rows: own.segments.reduce((sum, { file }) => sum + file.rows, 0),
        ...{ positions: new Map(positions), readAt: own.readAt },
      };
    },
    close: async () => {
      closed = true;
      if (run) end(run);
      await beginning;
      await ending;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * By topic and partition, up to where the lake has what is read; undefined: it has less than it had.
 */
function archivedOf(
  places: ReadonlyMap<string, Place>,
  tasks: readonly LakeTask[],
): ReadonlyMap<TopicName, Archived> | undefined {
  const archived = new Map<TopicName, Map<number, number>>();
  for (const task of tasks) {
    const { _id, topic, partition, next } = task;
    const place = places.get(_id);
    if (next === null || (place?.stale && isSame(place.stale, task))) continue;
    if (next < (place?.archived ?? 0)) return undefined;
    if (place) place.archived = next;
    const ofTopic = archived.get(topic) ?? new Map<number, number>();
    archived.set(topic, ofTopic.set(partition, next));
  }
  return archived;
}

/** Whether the lake still says of a partition what it said. */
function isSame(before: LakeTask, { next, log }: LakeTask): boolean {
  return before.next === next && before.log?.topicId === log?.topicId && before.log?.epoch === log?.epoch;
}
