import { escapeField, type PartialDocument } from '@storepulse/contracts';
import type { AnyBulkWriteOperation } from 'mongodb';
import { getOrCreate } from '../get-or-create.ts';
import { type Cell, emptyCell } from './delta.ts';
import type { TouchedWindow } from './fold.ts';
import { encodeCell, encodeCells, mergeCell, type PartialCache } from './partials.ts';

/**
 * Adds a window's changes to its absolute state and writes it: a new one whole, a stored one's changed cells, over exactly
 * the document that the state in memory is of.
 */
export function partialWrite(
  task: string,
  window: string,
  { group, expireAt, additions }: TouchedWindow,
  seq: number,
  partials: PartialCache,
): AnyBulkWriteOperation<PartialDocument> {
  const _id = `${task}|${window}`;
  const state = partials.get(window);
  const changed = new Map<Cell, string>();
  for (const { dimension, value, cell } of additions) {
    const values = getOrCreate(state, dimension, () => new Map<string, Cell>());
    const merged = getOrCreate(values, value, () => emptyCell(group.metrics.length));
    mergeCell(group, merged, cell);
    changed.set(merged, `cells.${dimension}.${escapeField(value)}`);
  }
  const head = { task, window, seq, ...(expireAt === null ? {} : { expireAt: new Date(expireAt) }) };
  const before = partials.storedSeq(window);
  if (before === undefined) {
    return { insertOne: { document: { _id, ...head, cells: encodeCells(group, state) } } };
  }
  // Encoded once per cell, after all of the commit's additions: sketches are not cheap to write out.
  const cells = Object.fromEntries([...changed].map(([cell, path]) => [path, encodeCell(group, cell)]));
  return { updateOne: { filter: { _id, seq: before }, update: { $set: { ...head, ...cells } } } };
}
