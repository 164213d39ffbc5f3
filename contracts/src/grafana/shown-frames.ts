import type { Frame } from '../query.ts';

/** What a frame tells about itself. */
interface Told {
  readonly type?: unknown;
  readonly compared?: unknown;
  readonly incompleteFrom?: unknown;
  /** Of an answer to several metrics: which one it is of. */
  readonly metric?: unknown;
  readonly numerator?: unknown;
  readonly denominator?: unknown;
  readonly relativeError?: unknown;
}

/** What a frame tells about itself in `meta.custom`. */
export const toldOf = ({ meta }: Pick<Frame, 'meta'>): Told => (meta?.custom ?? {}) as Told;

/**
 * Whether a panel shows a frame. A difference or a share would stand on the axis of the values; tables have them as columns.
 * Of cohorts there are two tables, and one is shown.
 */
export function isShown(frame: Frame, asShares: boolean): boolean {
  const { type, compared } = toldOf(frame);
  if (type === 'cohort') return (compared === 'share') === asShares;
  return compared === undefined || compared === 'earlier';
}
