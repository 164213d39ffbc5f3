import { VISIT_STEPS } from '@storepulse/contracts/visit-steps';
import type { ReadText } from './readVariables';

/**
 * Puts the values of variables among the steps of a funnel: one with several values is several steps, one that is All is
 * every step there is, and one without a value adds none.
 */
export function fillSteps(
  texts: readonly string[],
  readText: ReadText,
): { steps: string[]; faults: string[] } {
  const steps: string[] = [];
  const faults: string[] = [];
  for (const text of texts) {
    const reading = readText(text);
    if (reading.kind === 'all') {
      steps.push(...VISIT_STEPS);
    } else if (reading.kind === 'texts') {
      steps.push(...reading.texts.filter((step) => step !== ''));
    } else {
      faults.push(`Steps: ${reading.reference} ${reading.reason}. Choose some on the dashboard.`);
    }
  }
  // A funnel of the other steps is one all the same.
  return { steps, faults: steps.length < 2 ? faults : [] };
}
