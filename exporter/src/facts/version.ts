import type { TaskProgress } from '../query/freshness.ts';

/** Topics whose events change facts. */
const TOPICS = ['transactions', 'customers', 'products'];

/** A text that changes whenever a commit may have changed facts. */
export function factsVersionOf(tasks: readonly TaskProgress[]): string {
  return TOPICS.map((topic) => tasks.reduce((sum, { offsets }) => sum + (offsets[topic] ?? 0), 0)).join(' ');
}
