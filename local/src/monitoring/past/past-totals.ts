/** What a counter has grown by in an hour; of the last one up to now. */
export interface Grown {
  /** Epoch ms, from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

/** A counter as a scrape shows it, and how it has come to that. */
export interface PastCounter {
  /** With `_total`. */
  readonly name: string;
  /** As Prometheus gets them, those of the scrape included. */
  readonly labels: Readonly<Record<string, string>>;
  readonly total: number;
  /** In order and without holes, up to now. */
  readonly hours: readonly Grown[];
}

/** Rules of an hour and of a quarter of one have samples enough; Prometheus looks back as far for one. */
export const STEP_MS = 300_000;
/** Six decimals: money has no more, and sums of floats no longer tails. */
const MILLIONTH = 1_000_000;

/**
 * Counters in the form of OpenMetrics, a sample every five minutes from the begin of their hours: at full hours what was stored, in
 * between as if it had grown evenly. The last sample is not above the total, so that a scrape goes on from it.
 */
export function pastTotals(counters: readonly PastCounter[]): string {
  const names = [...new Set(counters.map(({ name }) => name))];
  const lines = names.flatMap((name) => [
    `# TYPE ${name.replace(/_total$/, '')} counter`,
    ...counters.filter((counter) => counter.name === name).flatMap(samplesOf),
  ]);
  return [...lines, '# EOF', ''].join('\n');
}

function samplesOf({ name, labels, total, hours }: PastCounter): string[] {
  const text = Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',');
  let reached = total - hours.reduce((sum, { by }) => sum + by, 0);
  return hours.flatMap(({ from, to, by }) => {
    const samples: string[] = [];
    for (let time = Math.ceil(from / STEP_MS) * STEP_MS; time < to; time += STEP_MS) {
      const value = reached + (by * (time - from)) / (to - from);
      samples.push(`${name}{${text}} ${Math.round(value * MILLIONTH) / MILLIONTH} ${time / 1_000}`);
    }
    reached += by;
    return samples;
  });
}
