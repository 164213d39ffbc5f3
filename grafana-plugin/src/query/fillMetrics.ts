import type { ReadText } from './readVariables';

/**
 * Puts the values of variables among the metrics of a query, each metric once: a variable with several values is several metrics,
 * and one without a value adds none where there are others. One that is All is no list of metrics: there are too many for a panel.
 * @returns the metrics, as they are written where one of them can't be used
 */
export function fillMetrics(
  texts: readonly string[],
  readText: ReadText,
): { metrics: string[]; faults: string[] } {
  const metrics = new Set<string>();
  const faults: string[] = [];
  const missing: string[] = [];
  for (const text of texts) {
    const reading = readText(text);
    if (reading.kind === 'all') {
      faults.push(`Metric: ${reading.reference} is All, and a query takes some metrics. Choose them.`);
    } else if (reading.kind === 'none') {
      missing.push(`Metric: ${reading.reference} ${reading.reason}. Choose one on the dashboard.`);
    } else if (reading.unknown.length > 0) {
      faults.push(
        `Metric is ${reading.unknown[0]}, and there is no such variable here. Choose another value.`,
      );
    } else {
      for (const name of reading.texts.filter((text) => text !== '')) {
        metrics.add(name);
      }
    }
  }
  if (metrics.size === 0) {
    faults.push(...missing);
  }
  return { metrics: faults.length > 0 ? [...texts] : [...metrics], faults };
}
