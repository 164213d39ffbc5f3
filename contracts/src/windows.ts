import type { DimensionSpec } from './catalog/model.ts';
import type { Shop } from './events/index.ts';
import { hashBucket } from './hash.ts';
import type { EpochMs, ShopId } from './ids.ts';
import { RESOLUTIONS, type Resolution, windowEnd, type ZoneCalendar } from './time.ts';

/** Names one stored document: a window of one shop, metric group and dimension. */
export interface WindowRef {
  readonly shop: ShopId;
  readonly group: string;
  /** A dimension's name, or `total`. */
  readonly dimension: string;
  readonly resolution: Resolution;
  readonly start: EpochMs;
  /** Which part of a wide dimension's values; 0 unless the dimension is split at this resolution. */
  readonly bucket: number;
}

/** The `_id` in `metrics` and the key on the topic `metrics`: `shop|group|dimension|resolution|start|bucket`. */
export function windowId(ref: WindowRef): string {
  return `${ref.shop}|${ref.group}|${ref.dimension}|${ref.resolution}|${ref.start}|${ref.bucket}`;
}

/**
 * Reads a window's id.
 * @throws {RangeError} when the text is none.
 */
export function parseWindowId(id: string): WindowRef {
  const [shop, group, dimension, resolution, start, bucket, ...rest] = id.split('|');
  if (
    !shop ||
    !group ||
    !dimension ||
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
    dimension,
    resolution: resolution as Resolution,
    start: Number(start) as EpochMs,
    bucket: Number(bucket),
  };
}

/** The bucket that a value of a dimension is stored in at a resolution. */
export function bucketOf(
  dimension: DimensionSpec | undefined,
  resolution: Resolution,
  value: string,
): number {
  const buckets = dimension?.buckets?.[resolution] ?? 1;
  return buckets === 1 ? 0 : hashBucket(value, buckets);
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

/** A dimension's value as a MongoDB field name: `%`, `.`, and a leading `$` are percent-encoded. */
export function escapeField(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('.', '%2E').replace(/^\$/, '%24');
}

/** The value behind a field name. */
export function unescapeField(field: string): string {
  return field.replace(/^%24/, '$').replaceAll('%2E', '.').replaceAll('%25', '%');
}
