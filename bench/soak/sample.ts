import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from 'mongodb';
import { usageOf } from '../simulator/stand.ts';

/** A process that is watched. */
export interface Watched {
  readonly name: string;
  pid(): number;
  /** Where it tells its own metrics; undefined: it is not of Node. */
  readonly url?: string;
}

/** What was seen at one time. Sizes are MB of a million bytes. */
export interface Sample {
  /** Seconds since the beginning. */
  readonly at: number;
  /** Events that the simulator has sent so far. */
  readonly events: number;
  readonly processes: Readonly<Record<string, ProcessSample>>;
  /** By collection. */
  readonly collections: Readonly<Record<string, CollectionSample>>;
  /** By topic, files of all partitions. */
  readonly topics: Readonly<Record<string, number>>;
  /** All files of each server, and of the lake. */
  readonly folders: Readonly<Record<string, number>>;
  /** Documents whose time to be kept has passed for longer than they may stay, by collection. */
  readonly overdue: Readonly<Record<string, number>>;
}

/** What a process holds. */
export interface ProcessSample {
  readonly pid: number;
  readonly residentMb: number;
  readonly cpuSeconds: number;
  /** Used heap of JavaScript. */
  readonly heapMb?: number;
  /** Buffers outside of it. */
  readonly externalMb?: number;
}

/** What a collection holds. */
export interface CollectionSample {
  readonly documents: number;
  /** Of its documents, not compressed. */
  readonly dataMb: number;
  /** On the disk, indexes included. */
  readonly diskMb: number;
}

/**
 * How long what has ended may stay: MongoDB looks once a minute for what may go, a processor every two seconds for windows,
 * and on a busy machine either takes a while.
 */
const OVERDUE_MS = 5 * 60_000;
/** Collections whose documents tell when they go. */
const WITH_AN_END = ['metrics', 'partials', 'sessions'] as const;
const NODE_GAUGES = { heapMb: 'nodejs_heap_size_used_bytes', externalMb: 'nodejs_external_memory_bytes' };
const MB = 1e6;

/** Looks at everything once. @param folders by name; that of Kafka's log also by topic */
export async function takeSample(options: {
  at: number;
  events: number;
  processes: readonly Watched[];
  db: Db;
  kafkaLog: string;
  folders: Readonly<Record<string, string>>;
}): Promise<Sample> {
  const { at, events, processes, db, kafkaLog, folders } = options;
  const [seen, collections, topics, sizes, overdue] = await Promise.all([
    Promise.all(processes.map(async (watched) => [watched.name, await processSample(watched)] as const)),
    collectionSamples(db),
    topicSizes(kafkaLog),
    Promise.all(
      Object.entries(folders).map(async ([name, path]) => [name, (await sizeOf(path)) / MB] as const),
    ),
    Promise.all(
      WITH_AN_END.map(async (name) => {
        const due = { expireAt: { $lt: new Date(Date.now() - OVERDUE_MS) } };
        return [name, await db.collection(name).countDocuments(due)] as const;
      }),
    ),
  ]);
  return {
    at,
    events,
    processes: Object.fromEntries(seen),
    collections,
    topics,
    folders: Object.fromEntries(sizes),
    overdue: Object.fromEntries(overdue),
  };
}

async function processSample({ pid, url }: Watched): Promise<ProcessSample> {
  const usage = { pid: pid(), ...(await usageOf(pid())) };
  if (url === undefined) return usage;
  const text = await (await fetch(`${url}/metrics`)).text();
  const gauges = Object.entries(NODE_GAUGES).map(([name, gauge]) => {
    const value = new RegExp(`^${gauge}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`${url}/metrics lacks ${gauge}`);
    return [name, Number(value) / MB] as const;
  });
  return { ...usage, ...Object.fromEntries(gauges) };
}

async function collectionSamples(db: Db): Promise<Record<string, CollectionSample>> {
  const names = await db.listCollections({}, { nameOnly: true }).toArray();
  const samples = names.map(async ({ name }) => {
    const { count, size, storageSize, totalIndexSize } = await db.command({ collStats: name });
    const sample = { documents: count, dataMb: size / MB, diskMb: (storageSize + totalIndexSize) / MB };
    return [name, sample] as const;
  });
  return Object.fromEntries(await Promise.all(samples));
}

async function topicSizes(log: string): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const entry of await readdir(log, { withFileTypes: true })) {
    // A topic that was deleted has a further ending for a while.
    const topic = /^(.+)-\d+(?:\.[^.]+-delete)?$/.exec(entry.name)?.[1];
    if (!entry.isDirectory() || topic === undefined) continue;
    sizes[topic] = (sizes[topic] ?? 0) + (await sizeOf(join(log, entry.name))) / MB;
  }
  return sizes;
}

/** What the files of a folder take on the disk, in bytes; files that go away meanwhile take nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  const sizes = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sizeOf(path);
    // Files of indexes are laid out in full and hardly filled: blocks tell what they take.
    return stat(path).then(
      ({ blocks }) => blocks * 512,
      () => 0,
    );
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
