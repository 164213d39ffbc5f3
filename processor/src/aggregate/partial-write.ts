import { escapeField, type PartialDocument, type StoredCell } from '@storepulse/contracts';
import type { AnyBulkWriteOperation } from 'mongodb';
import type { Cell } from './delta.ts';
import type { Addition, TouchedWindow } from './fold.ts';
import {
  copyCell,
  encodeCell,
  encodeCells,
  mergeCell,
  type PartialCache,
  type PartialState,
} from './partials.ts';
import type { GroupPlan } from './plan.ts';

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
  const head = {
    ...{ task, window, seq },
    ...(Object.keys(further).length > 0 ? { further } : {}),
    ...(expireAt === null ? {} : { expireAt: new Date(expireAt) }),
  };
  const whole = () => ({ ...head, cells: encodeCells(group, state) });
  if (before === undefined) {
    for (const addition of additions) addTo(state, group, addition);
    return { insertOne: { document: { _id, ...whole() } } };
  }
  const changed = new Map<Cell, Addition>();
  for (const addition of additions) changed.set(addTo(state, group, addition), addition);
  const filter = { _id, seq: before };
  if (changed.size >= MANY_CELLS) return { replaceOne: { filter, replacement: whole() } };
  // Encoded once per cell, after all of the commit's additions: sketches are not cheap to write out.
  const cells: Record<string, StoredCell> = {};
  for (const [cell, { dimension, value }] of changed)
    cells[`cells.${dimension}.${escapeField(value)}`] = encodeCell(group, cell);
  return { updateOne: { filter, update: { $set: { ...head, ...cells } } } };
}

/** @returns the cell of the state that it was added to */
function addTo(state: PartialState, group: GroupPlan, { dimension, value, cell }: Addition): Cell {
  let values = state.get(dimension);
  if (values === undefined) {
    values = new Map();
    state.set(dimension, values);
  }
  let present = values.get(value);
  if (present === undefined) {
    present = copyCell(group, cell);
    values.set(value, present);
  } else mergeCell(group, present, cell);
  return present;
}
