import assert from 'node:assert/strict';
import type { StoredCells } from '@storepulse/contracts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Figures, Source } from './figures.ts';
import { unescapeCells } from './mongo.ts';

/** Cells by window id as text, sketches byte for byte: equal texts are equal cells. */
export type WindowTexts = ReadonlyMap<string, string>;

/** Everything that is told of some shops, to hold one moment against another. */
export interface Snapshot {
  readonly windows: WindowTexts;
  /** Lifetime figures by source and shop. */
  readonly figures: Readonly<Record<string, Figures>>;
}

/** Reads all windows and all sources. */
export async function snapshot(
  pipeline: Pipeline,
  sources: readonly Source[],
  shops: readonly string[],
): Promise<Snapshot> {
  const told = sources.flatMap((source) =>
    shops.map(async (shop) => [`${source.name}: ${shop}`, await source.lifetime(shop)] as const),
  );
  return {
    windows: await storedWindows(pipeline, shops),
    figures: Object.fromEntries(await Promise.all(told)),
  };
}

/** The windows of some shops as MongoDB holds them. */
export async function storedWindows({ metrics }: Pipeline, shops: readonly string[]): Promise<WindowTexts> {
  const documents = await metrics.find({ shop: { $in: [...shops] } }).toArray();
  return new Map(documents.map(({ _id, cells }) => [_id, cellsText(unescapeCells(cells))]));
}

/** Cells as text that does not depend on the order of values. */
export const cellsText = (cells: StoredCells): string => JSON.stringify(ordered(cells));

function ordered(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, part]) => [name, ordered(part)]));
}

/** Fails when anything differs. */
export function assertUnchanged(now: Snapshot, before: Snapshot): void {
  assert.deepEqual(now.figures, before.figures);
  assertSameWindows(now.windows, before.windows);
}

/** Fails with some of the windows that differ: a difference of everything would be too long to read. */
export function assertSameWindows(actual: WindowTexts, expected: WindowTexts): void {
  const ids = new Set([...actual.keys(), ...expected.keys()]);
  const differing = [...ids].filter((id) => actual.get(id) !== expected.get(id));
  const shown = differing.slice(0, 3).map((id) => `${id}\n  ${actual.get(id)}\n  ${expected.get(id)}`);
  assert.equal(
    differing.length,
    0,
    `${differing.length} of ${ids.size} windows differ:\n${shown.join('\n')}`,
  );
}
