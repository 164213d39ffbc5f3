/** A line through points, and how sure its slope is. */
export interface Slope {
  /** Rise of y for each unit of x. */
  readonly slope: number;
  /** Half of the interval in which the slope lies with 95 %: infinite with fewer than three blocks. */
  readonly margin: number;
  /** Mean of y. */
  readonly mean: number;
}

/** Student's t, 97.5 %, by degrees of freedom from 1 on; beyond the list the normal distribution's 1.96 is near enough. */
const T_975 = [
  12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.1,
  2.09, 2.09, 2.08, 2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05, 2.04,
];
const T_MANY = 1.96;

/**
 * Least squares over the means of blocks. Samples that are taken seconds apart depend on each other (a heap fills until it is
 * collected), so that their scatter says little about how sure the slope is; the means of longer blocks hardly do.
 * @param blocks how many blocks of equally many points; those that are over at the beginning are left out
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[], blocks: number): Slope {
  const size = Math.max(1, Math.floor(points.length / blocks));
  const used = points.slice(points.length % size);
  const means = Array.from({ length: used.length / size }, (_, n) => {
    const block = used.slice(n * size, (n + 1) * size);
    return [mean(block.map(([x]) => x)), mean(block.map(([, y]) => y))] as const;
  });
  const middle = mean(means.map(([x]) => x));
  const level = mean(means.map(([, y]) => y));
  const spread = means.reduce((sum, [x]) => sum + (x - middle) ** 2, 0);
  const slope = means.reduce((sum, [x, y]) => sum + (x - middle) * (y - level), 0) / spread;
  const freedom = means.length - 2;
  const rest = means.reduce((sum, [x, y]) => sum + (y - level - slope * (x - middle)) ** 2, 0);
  const margin =
    freedom < 1
      ? Number.POSITIVE_INFINITY
      : (T_975[freedom - 1] ?? T_MANY) * Math.sqrt(rest / freedom / spread);
  return { slope, margin, mean: level };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
