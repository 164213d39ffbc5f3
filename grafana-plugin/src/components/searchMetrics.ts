import type { CatalogMetric } from '../api/catalog';

/** Where a text was found, best first. */
const RANKS = ['exact', 'start', 'word', 'definition'] as const;
type Rank = (typeof RANKS)[number];

/**
 * The metrics in which a text is found, best first: those called so by title, name or another word for it, then those
 * whose words begin with it or hold it, then those whose definition does. Case does not matter, and of several words
 * each has to be found. Without a text all of them, as they stand in the catalogue.
 */
export function searchMetrics(metrics: readonly CatalogMetric[], text: string): CatalogMetric[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') {
    return [...metrics];
  }
  return metrics
    .flatMap((metric) => {
      const rank = rankOf(metric, wanted);
      return rank === undefined ? [] : [{ metric, rank: RANKS.indexOf(rank) }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ metric }) => metric);
}

function rankOf(
  { title, name, synonyms = [], description }: CatalogMetric,
  wanted: string,
): Rank | undefined {
  const names = [title, name, ...synonyms].map((word) => word.toLowerCase());
  if (names.includes(wanted)) {
    return 'exact';
  }
  if (names.some((word) => word.startsWith(wanted))) {
    return 'start';
  }
  const parts = wanted.split(/\s+/);
  if (parts.every((part) => names.some((word) => word.includes(part)))) {
    return 'word';
  }
  const all = [...names, description.toLowerCase()];
  return parts.every((part) => all.some((word) => word.includes(part))) ? 'definition' : undefined;
}
