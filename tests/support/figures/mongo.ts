import { NARROW_PART, type StoredCells, unescapeField } from '@storepulse/contracts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Source } from './figures.ts';
import { windowSource } from './windows.ts';

/** Figures of the collection `metrics`. */
export function mongoSource({ metrics }: Pipeline): Source {
  return windowSource('MongoDB', async (shop, resolution) => {
    const documents = await metrics.find({ shop, part: NARROW_PART, resolution }).toArray();
    return documents.map(({ start, cells }) => ({ start: start.getTime(), cells: unescapeCells(cells) }));
  });
}

/** Cells by values as they are. */
export function unescapeCells(cells: StoredCells): StoredCells {
  return Object.fromEntries(
    Object.entries(cells).map(([dimension, values]) => [
      dimension,
      Object.fromEntries(Object.entries(values).map(([field, cell]) => [unescapeField(field), cell])),
    ]),
  );
}
