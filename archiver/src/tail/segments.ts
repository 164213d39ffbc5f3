import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Duck, type LakeFile, type LakeType, quoted, writeParquet } from '@storepulse/lake';
import { PARQUET_OPTIONS } from '@storepulse/lake/write';
import type { Group } from '../arrive/buffer.ts';
import { type ErasedPerson, tellsCustomers, writeCleared } from '../clear.ts';

/** Offsets of one partition: the first, and the one after the last. */
export interface Range {
  readonly from: number;
  readonly next: number;
}

/** Ranges of a topic's partitions. */
export type Ranges = ReadonlyMap<number, Range>;

/** Up to where each partition of a topic is in the lake: the next offset. */
export type Archived = ReadonlyMap<number, number>;

/** Records of one shop and type that the lake does not name yet, in a local file of the lake's layout. It never changes. */
export interface Segment {
  readonly file: LakeFile;
  readonly lakeType: LakeType;
  /** Its own local path. */
  readonly place: string;
  /** Where its records lie in the log. */
  readonly ranges: Ranges;
  /** Bytes of its lines. */
  readonly bytes: number;
  /** `shop|customerId` of those named in it. */
  readonly customers: ReadonlySet<string>;
}

/** Who is erased, by `shop|customerId`. */
export type Gone = ReadonlyMap<string, ErasedPerson>;

/** What of some ranges the lake does not have; empty: it has all of them. */
export function leftOf(ranges: Ranges, archived: Archived): Ranges {
  return new Map(
    [...ranges].flatMap(([partition, { from, next }]) => {
      const begin = Math.max(from, archived.get(partition) ?? 0);
      return begin < next ? [[partition, { from: begin, next }] as const] : [];
    }),
  );
}

/** Whether the lake has some of these ranges. */
export function isCut(ranges: Ranges, archived: Archived): boolean {
  return [...ranges].some(([partition, { from }]) => from < (archived.get(partition) ?? 0));
}

/** SQL of the condition that a row is of these ranges. */
function ofRangesSql(ranges: Ranges): string {
  const each = [...ranges].map(
    ([partition, { from, next }]) =>
      `("partition" = ${partition} AND "offset" >= ${from} AND "offset" < ${next})`,
  );
  return each.length === 0 ? 'FALSE' : each.join(' OR ');
}

/**
 * Writes records that have come as a segment: those of `ranges` alone, and nothing that names an erased customer.
 * @param folder local, of this process
 */
export async function writeSegment(
  duck: Duck,
  folder: string,
  group: Group,
  { topic, ranges }: { topic: string; ranges: Ranges },
  gone: Gone,
): Promise<Segment> {
  const { lakeType, shop, date, firstAt, lastAt, customers } = group;
  const place = join(folder, `${randomUUID()}.parquet`);
  const lines = `${place}.ndjson`;
  await writeFile(lines, group.lines);
  const where = ofRangesSql(ranges);
  await writeParquet(duck, { lakeType, topic, partition: undefined, rows: lines, file: place, where });
  await rm(lines);
  const bytes = group.lines.reduce((sum, { length }) => sum + length, 0);
  const days = { period: date, firstDate: date, lastDate: date };
  const file = { _id: place, shop, type: lakeType.type, ...days, firstAt, lastAt, bytes: 0, at: new Date() };
  const segment = { file: { ...file, rows: group.rows }, lakeType, place, ranges, bytes, customers };
  return cleared(duck, folder, segment, gone);
}

/**
 * Makes one segment of some of one shop and type, of what the lake does not have of them, without erased customers. The former ones stay
 * for who reads them still.
 */
export async function rewriteSegments(
  duck: Duck,
  folder: string,
  segments: readonly Segment[],
  archived: Archived,
  gone: Gone,
): Promise<Segment | undefined> {
  const [first] = segments;
  const left = segments.map(({ ranges }) => leftOf(ranges, archived));
  const ranges = union(left);
  if (!first || ranges.size === 0) return undefined;
  const place = join(folder, `${randomUUID()}.parquet`);
  const inputs = segments.map((segment) => quoted(segment.place)).join(', ');
  const kept = [...archived].map(
    ([partition, next]) => `NOT ("partition" = ${partition} AND "offset" < ${next})`,
  );
  await duck.run(
    `COPY (SELECT * FROM read_parquet([${inputs}], hive_partitioning = false) WHERE ${['TRUE', ...kept].join(' AND ')})
     TO ${quoted(place)} (${PARQUET_OPTIONS})`,
  );
  const [counted] = await duck.rows(`SELECT count(*) AS n FROM read_parquet(${quoted(place)})`);
  const rows = Number(counted!.n);
  const before = segments.reduce((sum, { file }) => sum + file.rows, 0);
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const segment: Segment = {
    file: { ...first.file, _id: place, rows },
    ...{ lakeType: first.lakeType, place, ranges },
    bytes: Math.round((bytes * rows) / Math.max(1, before)),
    customers: new Set(segments.flatMap(({ customers }) => [...customers])),
  };
  return cleared(duck, folder, segment, gone);
}

async function cleared(duck: Duck, folder: string, segment: Segment, gone: Gone): Promise<Segment> {
  const people = [...segment.customers].flatMap((key) => gone.get(key) ?? []);
  if (people.length === 0 || !tellsCustomers(segment.lakeType)) return segment;
  const place = join(folder, `${randomUUID()}.parquet`);
  await writeCleared(duck, segment.lakeType, people, segment.place, place);
  await rm(segment.place);
  return { ...segment, file: { ...segment.file, _id: place }, place };
}

/** Ranges that lie one after the other, as one for each partition. */
function union(all: readonly Ranges[]): Ranges {
  const ranges = new Map<number, Range>();
  for (const each of all)
    for (const [partition, { from, next }] of each) {
      const before = ranges.get(partition);
      ranges.set(partition, {
        from: Math.min(from, before?.from ?? from),
        next: Math.max(next, before?.next ?? next),
      });
    }
  return ranges;
}
