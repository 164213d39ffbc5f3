import type { Kafka } from '../kafka/port.ts';
import { type LetterSummary, summaryOf } from './format.ts';
import { readLetters, wholeTopic } from './read.ts';
import { isSelected, type Selection } from './selection.ts';

/** What is on the topic, of what was asked for. */
export interface LetterList {
  /** The latest, latest first. */
  readonly letters: readonly LetterSummary[];
  /** All that were found. */
  readonly total: number;
  /** The same by reason; `unknown` for those that the processor did not put there. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Lists the latest `limit` of the selected letters, and counts all of them; memory is bounded by `limit`. */
export async function listLetters(kafka: Kafka, selection: Selection, limit: number): Promise<LetterList> {
  let latest: { time: number; summary: LetterSummary }[] = [];
  let total = 0;
  const reasons: Record<string, number> = {};
  const keepLatest = () => {
    latest = latest.sort((a, b) => b.time - a.time).slice(0, limit);
  };
  await readLetters(kafka, await wholeTopic(kafka), (letters) => {
    for (const letter of letters) {
      if (!isSelected(letter, selection)) continue;
      total++;
      const reason = letter.reason ?? 'unknown';
      reasons[reason] = (reasons[reason] ?? 0) + 1;
      // The bytes stay behind: a slice would keep the whole fetched block in memory.
      latest.push({ time: letter.time, summary: summaryOf(letter) });
      if (latest.length >= 2 * limit + 1_000) keepLatest();
    }
  });
  keepLatest();
  return { letters: latest.map(({ summary }) => summary), total, reasons };
}
