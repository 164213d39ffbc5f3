/** Lengths of windows that can be followed. */
export const RESOLUTIONS = ['10s', '1m', '1h', '1d'] as const;
/** Length of a window. */
export type LiveResolution = (typeof RESOLUTIONS)[number];

/** In ms; days are those of the shop's calendar, this long at most times. */
export const LENGTHS: Readonly<Record<LiveResolution, number>> = {
  '10s': 10_000,
  '1m': 60_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
};

/** Points of a line that are kept; more could not be told apart. */
const MOST_POINTS = 1_000;

/** The windows to follow: those that are asked for, or the finest of which a range has not too many. */
export function resolutionOf(
  interval: string | undefined,
  range: { from: number; to: number },
): LiveResolution {
  return (
    RESOLUTIONS.find((resolution) => resolution === interval) ??
    RESOLUTIONS.find((resolution) => (range.to - range.from) / LENGTHS[resolution] <= MOST_POINTS) ??
    '1d'
  );
}
