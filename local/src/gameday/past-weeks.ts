import { RETURN_SHARE } from '@storepulse/simulator/behaviour/calibration';
import { millisecondsOf } from '../monitoring/scale-rules.ts';
import type { PrometheusClient, Sample } from './prometheus-client.ts';

/** A series that rules compare with what it was weeks ago. */
export interface Season {
  /** Its name, such as `shop:storepulse_orders:increase1h`. */
  series: string;
  /** How long ago, in ms. */
  offsets: readonly number[];
}

const STEP_MS = 60_000;
/** Before now: as much as Prometheus looks back for a sample, and more. */
const BEFORE_MS = 10 * STEP_MS;
/** How long a game day may take after it. */
const AFTER_MS = 6 * 3_600_000;

/**
 * Refunds follow their orders by hours and days, so those of a shop that has just begun rise for hours, and what there are of them
 * now is less than will soon be usual. What is usual are those that the orders of an hour come to.
 */
const TRAILING: Readonly<Record<string, string>> = {
  'shop:storepulse_refunds:increase1h': `shop:storepulse_orders:increase1h * ${RETURN_SHARE}`,
};

/** What a series is now in a shop that has gone on like this for weeks, as an expression of Prometheus. */
export const presentOf = ({ series }: Season): string => TRAILING[series] ?? series;

/** What the rules compare with past weeks, found in their expressions. */
export function seasonsOf(expressions: readonly string[]): Season[] {
  const found = new Map<string, Set<number>>();
  for (const expression of expressions) {
    for (const [, series, offset] of expression.matchAll(/([a-zA-Z_:][\w:]*) offset (\d+w)\b/g)) {
      const offsets = found.get(series!) ?? new Set();
      found.set(series!, offsets.add(millisecondsOf(offset!)));
    }
  }
  return [...found].map(([series, offsets]) => ({ series, offsets: [...offsets].sort((a, b) => a - b) }));
}

/** Those seasons of which Prometheus knows no past at all. */
export async function withoutPast(
  prometheus: PrometheusClient,
  seasons: readonly Season[],
): Promise<Season[]> {
  const lacking = await Promise.all(
    seasons.map(async ({ series, offsets }) => {
      const past = await Promise.all(
        offsets.map((ms) => prometheus.query(`count(${series} offset ${ms / 1000}s)`)),
      );
      return past.every((samples) => samples.length === 0);
    }),
  );
  return seasons.filter((_, index) => lacking[index]);
}

/**
 * A text in the form of OpenMetrics in which each series was, at this time of the past weeks, as it is now.
 * @param now epoch ms
 */
export function pastLikeNow(
  seasons: readonly (Season & { samples: readonly Sample[] })[],
  now: number,
): string {
  const lines: string[] = [];
  for (const { series, offsets, samples } of seasons) {
    lines.push(`# TYPE ${series} gauge`);
    for (const { labels, value } of samples) {
      const pairs = Object.entries(labels).filter(([name]) => name !== '__name__');
      const text = pairs.map(([name, label]) => `${name}=${JSON.stringify(label)}`).join(',');
      for (const offset of [...offsets].sort((a, b) => b - a)) {
        const middle = now - offset;
        for (let time = middle - BEFORE_MS; time <= middle + AFTER_MS; time += STEP_MS) {
          lines.push(`${series}{${text}} ${value} ${time / 1000}`);
        }
      }
    }
  }
  return [...lines, '# EOF', ''].join('\n');
}
