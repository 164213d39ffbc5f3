import { escapeField, type PartialDocument } from '@storepulse/contracts';
import type { AnyBulkWriteOperation } from 'mongodb';
import { getOrCreate } from '../get-or-create.ts';
import { type Cell, emptyCell } from './delta.ts';
import type { TouchedWindow } from './fold.ts';
import { encodeCell, encodeCells, mergeCell, type PartialCache } from './partials.ts';

/**
 * Changed cells from which on a document is written whole: the server looks for each field that is set by itself, through
 * all that come before it.
 */
const MANY_CELLS = 128;

/**
 * Adds a document's changes to its absolute state and writes it, over exactly the document that the state in memory is of:
 * a new one and one of which much has changed whole, else the changed cells.
 */
export function partialWrite(
  task: string,
  window: string,
  { group, expireAt, additions }: TouchedWindow,
  seq: number,
  partials: PartialCache,
): AnyBulkWriteOperation<PartialDocument> {
  const _id = `${task}|${window}`;
  const { state, further, seq: before } = partials.get(window);
  const changed = new Map<Cell, string>();
  for (const { dimension, value, cell } of additions) {
    const values = getOrCreate(state, dimension, () => new Map<string, Cell>());
    const merged = getOrCreate(values, value, () => emptyCell(group.metrics.length));
    mergeCell(group, merged, cell);
    changed.set(merged, `cells.${dimension}.${escapeField(value)}`);
  }
  const head = {
    ...{ task, window, seq },
    ...(Object.keys(further).length > 0 ? { further } : {}),
    ...(expireAt === null ? {} : { expireAt: new Date(expireAt) }),
  };
  const whole = () => ({ ...head, cells: encodeCells(group, state) });
  if (before === undefined) return { insertOne: { document: { _id, ...whole() } } };
  const filter = { _id, seq: before };
  if (changed.size >= MANY_CELLS) return { replaceOne: { filter, replacement: whole() } };
  // Encoded once per cell, after all of the commit's additions: sketches are not cheap to write out.
  const cells = Object.fromEntries([...changed].map(([cell, path]) => [path, encodeCell(group, cell)]));
  return { updateOne: { filter, update: { $set: { ...head, ...cells } } } };
}
