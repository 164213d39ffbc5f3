import type { Resolution } from '@storepulse/contracts';
import { expectedCells } from './compare-windows.ts';
import type { ExpectedCells, Span } from './surfaces/surface.ts';
import { type LedgerPart, trueWindows } from './truth.ts';
import { type LocalDate, WINDOW_MS, windowKey } from './window-keys.ts';

const DAY_MS = 86_400_000;

/** Resolutions in the order in which they are compared. */
export const COARSE_FIRST = ['all', '1d', '1h', '1m', '10s'] as const satisfies readonly Resolution[];

/** How long windows are kept, in ms; the others for ever. */
const KEPT_MS = { '10s': 2 * DAY_MS, '1m': 14 * DAY_MS, '1h': 730 * DAY_MS } as const;
/** Windows that expire so soon are not looked at: they may go while they are. */
const MARGIN_MS = 30 * 60_000;
/** Windows that are read together. */
const WINDOWS_PER_SPAN = 120;

/** The first instant whose windows of a resolution are surely kept for a while. */
export function keptFrom(resolution: Resolution, now: number): number {
  if (!(resolution in WINDOW_MS)) return 0;
  const fixed = resolution as keyof typeof WINDOW_MS;
  return Math.ceil((now - KEPT_MS[fixed] + MARGIN_MS) / WINDOW_MS[fixed]) * WINDOW_MS[fixed];
}

/** Windows that are read together, and what must be in them. */
export interface ExpectedSpan {
  /** From the first of the windows to the last: an answer that has a number for each moment is not mostly empty. */
  readonly span: Span;
  /** What follows on the span before, up to the next one: outside of the windows nothing must be there. */
  readonly withGap: Span;
  /** By the windows' names. */
  readonly windows: ReadonlyMap<string, { start: number; cells: ExpectedCells }>;
}

/** Cuts a shop's ledger into spans of a resolution, in the order of time; the last one reaches into the future. */
export function* expectedSpans(
  parts: readonly LedgerPart[],
  resolution: Resolution,
  dateOf: LocalDate,
  now: number,
): Generator<ExpectedSpan> {
  const from = keptFrom(resolution, now);
  const unit = WINDOW_MS[resolution as keyof typeof WINDOW_MS] as number | undefined;
  let coveredTo = from;
  let windows = new Map<string, { start: number; cells: ExpectedCells }>();
  /** Start of the stretch whose windows are read together, where windows have a length. */
  let stretch: number | undefined;
  const spanTo = (to: number): Span => {
    const starts = [...windows.values()].map(({ start }) => start);
    const first = starts[0] ?? from;
    if (unit === undefined) return { resolution, from: Math.max(from, first - DAY_MS), to };
    const at = (start: number) => Math.floor(start / unit) * unit;
    return { resolution, from: at(first), to: at(starts.at(-1) ?? from) + unit };
  };
  const cut = (to: number): ExpectedSpan => {
    const result = { span: spanTo(to), withGap: { resolution, from: coveredTo, to }, windows };
    coveredTo = to;
    windows = new Map();
    return result;
  };
  for (const window of trueWindows(parts, resolution, dateOf, from)) {
    if (unit !== undefined) {
      const length = unit * WINDOWS_PER_SPAN;
      const begin = Math.floor(window.start / length) * length;
      if (stretch !== undefined && begin !== stretch) yield cut(stretch + length);
      stretch = begin;
    }
    windows.set(window.key, { start: window.start, cells: expectedCells(window) });
  }
  if (windows.size > 0)
    yield cut(stretch === undefined ? now + 2 * DAY_MS : stretch + unit! * WINDOWS_PER_SPAN);
  // What must not be there: windows after the last one. A lifetime has none.
  if (resolution !== 'all') yield cut(now + 2 * DAY_MS);
}

/** How many windows of a resolution a ledger has that are still kept. */
export function countWindows(
  parts: readonly LedgerPart[],
  resolution: Resolution,
  dateOf: LocalDate,
  now: number,
): number {
  const from = keptFrom(resolution, now);
  const keys = new Set<string>();
  for (const { start } of parts) if (start >= from) keys.add(windowKey(resolution, start, dateOf));
  return keys.size;
}
