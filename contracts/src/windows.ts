import type { DimensionSpec } from './catalog/model.ts';
import type { Shop } from './events/index.ts';
import { hashBucket } from './hash.ts';
import type { EpochMs, ShopId } from './ids.ts';
import { RESOLUTIONS, type Resolution, windowEnd, type ZoneCalendar } from './time.ts';

/** The part of a window that holds its total and all narrow dimensions. */
export const NARROW_PART = 'narrow';

/** Names one stored document: a part of a window of one shop and metric group. */
export interface WindowRef {
  readonly shop: ShopId;
  readonly group: string;
  /** `narrow` (the total and the narrow dimensions), or the name of a dimension: a wide one, or one that has grown. */
  readonly part: string;
  readonly resolution: Resolution;
  readonly start: EpochMs;
  /** 0 in the first document; others are further documents of the dimension that `part` names (`bucketAt`). */
  readonly bucket: number;
}

/** The `_id` in `metrics` and the key on the topic `metrics`: `shop|group|part|resolution|start|bucket`. */
export function windowId(ref: WindowRef): string {
  return `${ref.shop}|${ref.group}|${ref.part}|${ref.resolution}|${ref.start}|${ref.bucket}`;
}

/**
 * Reads a window's id.
 * @throws {RangeError} when the text is none.
 */
export function parseWindowId(id: string): WindowRef {
  const [shop, group, part, resolution, start, bucket, ...rest] = id.split('|');
  if (
    !shop ||
    !group ||
    !part ||
    !RESOLUTIONS.includes(resolution as Resolution) ||
    !start ||
    !bucket ||
    rest.length > 0
  ) {
    throw new RangeError(`"${id}" is not a window id`);
  }
  return {
    shop: shop as ShopId,
    group,
    part,
    resolution: resolution as Resolution,
    start: Number(start) as EpochMs,
    bucket: Number(bucket),
  };
}

/** Starts have twelve digits until 2001, and thirteen until 2286. */
const DIGITS = [12, 13];

/**
 * Ranges of window ids, from inclusive, to exclusive, in the order of their bytes: together they are the windows of a
 * resolution that begin in `from` to before `to` (epoch ms).
 */
export function windowIdRanges(
  { shop, group, part, resolution }: Pick<WindowRef, 'group' | 'part' | 'resolution'> & { shop: string },
  from: number,
  to: number,
): [from: string, to: string][] {
  const prefix = `${shop}|${group}|${part}|${resolution}|`;
  // In the order of bytes a colon comes after all digits.
  if (resolution === 'all') return [[prefix, `${prefix}:`]];
  return DIGITS.flatMap((digits): [string, string][] => {
    const [low, high] = [10 ** (digits - 1), 10 ** digits];
    if (to <= low || from >= high) return [];
    return [[`${prefix}${Math.max(from, low)}`, `${prefix}${to < high ? to : ':'}`]];
  });
}

/** The part of a window that a dimension's first document is; undefined stands for the total. */
export function partOf(dimension: DimensionSpec | undefined): string {
  return dimension?.wide ? dimension.name : NARROW_PART;
}

/** All parts of a window that hold cells of a dimension; undefined stands for the total. */
export function partsOf(dimension: DimensionSpec | undefined): string[] {
  const first = partOf(dimension);
  return dimension && canSpread(dimension) && first !== dimension.name ? [first, dimension.name] : [first];
}

/** Whether values of a dimension may go on in further documents: those of a closed list are too few to. */
export function canSpread(dimension: DimensionSpec): boolean {
  return 'pattern' in dimension.domain;
}

/** Each level has so many times the documents of the level before it. */
const FAN_OUT = 4;
/** No level comes after this one: its documents have room for many millions of values. */
export const MAX_LEVEL = 10;

/** How many further documents a dimension of a window has at a level from 1 on: 4, 16, 64, … */
const documentsAt = (level: number): number => FAN_OUT ** level;

/**
 * The bucket that an addition to a value goes to at a level from 1 on: 1 to 4, then 5 to 20, and so on. At level 0, where
 * a dimension begins, it goes to the first document, with bucket 0. When a document is full the dimension goes to the next
 * level; what was added before stays where it is. So a value's measures are the sum over all documents that name it.
 */
export function bucketAt(level: number, value: string): number {
  return (documentsAt(level) - 1) / (FAN_OUT - 1) + hashBucket(value, documentsAt(level));
}

const DAY = 86_400_000;
const KEPT: Readonly<Record<Resolution, number>> = {
  '10s': 2 * DAY,
  '1m': 14 * DAY,
  '1h': 730 * DAY,
  '1d': Number.POSITIVE_INFINITY,
  all: Number.POSITIVE_INFINITY,
};

/** When a window's document may go, from its end and the shop's retention; null: never. */
export function windowExpiry(
  ref: Pick<WindowRef, 'resolution' | 'start'>,
  retention: Shop['retention'],
  calendar: ZoneCalendar,
): EpochMs | null {
  const kept = KEPT[ref.resolution];
  const end = windowEnd(ref.resolution, ref.start, calendar);
  return retention === 'forever' || end === null || kept === Number.POSITIVE_INFINITY
    ? null
    : ((end + kept) as EpochMs);
}

const ESCAPED = /[%.]|^\$|^__/;

/**
 * A dimension's value as a MongoDB field name: `%`, `.`, a leading `$`, and the first of two leading `_`, which would name the
 * prototype of a JavaScript object, are percent-encoded.
 */
export function escapeField(value: string): string {
  // Hardly any value has such a character, and every cell that is written comes by here.
  if (!ESCAPED.test(value)) return value;
  return value
    .replaceAll('%', '%25')
    .replaceAll('.', '%2E')
    .replace(/^\$/, '%24')
    .replace(/^_(?=_)/, '%5F');
}

/** The value behind a field name. */
export function unescapeField(field: string): string {
  if (!field.includes('%')) return field;
  return field.replace(/^%24/, '$').replace(/^%5F/, '_').replaceAll('%2E', '.').replaceAll('%25', '%');
}
