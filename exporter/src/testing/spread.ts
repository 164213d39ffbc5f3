import { type MetricDocument, windowId } from '@storepulse/contracts';

/** Further documents that cells of a dimension are spread over. */
const FURTHER = 4;

/**
 * The same figures as they are stored once a narrow dimension has grown: every second value of it lies in further documents
 * of its window.
 */
export function spreadOut(documents: readonly MetricDocument[], dimension: string): MetricDocument[] {
  return documents.flatMap((document): MetricDocument[] => {
    const cells = Object.entries(document.cells[dimension] ?? {});
    if (document.part !== 'narrow' || cells.length === 0) return [document];
    const first = cells.filter((_, n) => n % 2 === 0);
    const further = Array.from({ length: FURTHER }, (_, n) => {
      const its = cells.filter((_, i) => i % 2 === 1 && ((i - 1) / 2) % FURTHER === n);
      const ref = { ...document, part: dimension, bucket: 1 + n, start: document.start.getTime() };
      const _id = windowId(ref as unknown as Parameters<typeof windowId>[0]);
      return {
        ...document,
        _id,
        part: dimension,
        bucket: 1 + n,
        cells: { [dimension]: Object.fromEntries(its) },
      };
    });
    const rest = { ...document.cells, [dimension]: Object.fromEntries(first) };
    return [{ ...document, cells: rest, spread: [dimension] }, ...further];
  });
}
