const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The pattern of a duration: a number and a unit, such as `90s`, `10m`, `6h` or `30d`; or `0`. */
export const DURATION_PATTERN = '^(0|\\d+(\\.\\d+)?(ms|s|m|h|d))$';

/**
 * A duration in ms.
 * @throws {RangeError} when the text is none.
 */
export function parseDuration(text: string): number {
  if (!new RegExp(DURATION_PATTERN).test(text)) {
    throw new RangeError(`"${text}" is not a duration: write a number and ms, s, m, h or d, such as 10m`);
  }
  const unit = /[a-z]+$/.exec(text)?.[0];
  return unit ? Number.parseFloat(text) * UNITS[unit]! : 0;
}
