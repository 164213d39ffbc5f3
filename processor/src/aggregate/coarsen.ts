import { type Resolution, windowStart, type ZoneCalendar } from '@storepulse/contracts';
import { getOrCreate } from '../get-or-create.ts';
import type { Cell, GroupDelta, WindowDelta } from './delta.ts';
import { copyCell, mergeCell } from './partials.ts';
import type { GroupPlan } from './plan.ts';

/** What is added to one shop's windows of one resolution, by their start. */
export type Windows = ReadonlyMap<number, WindowDelta>;

/**
 * Adds the 10-second additions of one commit and shop up to those of every resolution, the longer ones from the shorter ones: a
 * value that comes again and again is added to a long window once. What only one window has is shared with it, so none of
 * these cells may be changed.
 */
export function coarsen(
  fine: Windows,
  groups: readonly GroupPlan[],
  calendar: ZoneCalendar,
): Readonly<Record<Resolution, Windows>> {
  const startOf = (resolution: Resolution) => (time: number) => windowStart(resolution, time, calendar);
  const minutes = addUp(groups, [fine, startOf('1m')]);
  const hours = addUp(groups, [minutes, startOf('1h')]);
  const dayOf = dayOfHours(minutes, calendar);
  const days = addUp(
    groups,
    [hours, (hour) => dayOf.get(hour)],
    [minutes, (minute) => (dayOf.has(startOf('1h')(minute)) ? undefined : startOf('1d')(minute))],
  );
  return { '10s': fine, '1m': minutes, '1h': hours, '1d': days, all: addUp(groups, [days, () => 0]) };
}

/**
 * The day that all of an hour's minutes are of. Hours of several days have none: clocks go by half hours in places, and where
 * they are set back at midnight, a day may come and go within an hour. Days begin on whole minutes everywhere.
 */
function dayOfHours(minutes: Windows, calendar: ZoneCalendar): Map<number, number> {
  const days = new Map<number, Set<number>>();
  for (const minute of minutes.keys()) {
    const hour = windowStart('1h', minute, calendar);
    getOrCreate(days, hour, () => new Set()).add(windowStart('1d', minute, calendar));
  }
  return new Map([...days].flatMap(([hour, its]) => (its.size === 1 ? [[hour, [...its][0]!]] : [])));
}

/** Windows, and the start of the longer one that each is added to; undefined: to none. */
type Part = readonly [windows: Windows, startOf: (start: number) => number | undefined];

function addUp(groups: readonly GroupPlan[], ...parts: readonly Part[]): Windows {
  const within = new Map<number, WindowDelta[]>();
  for (const [windows, startOf] of parts) {
    for (const [start, window] of windows) {
      const longer = startOf(start);
      if (longer !== undefined) getOrCreate(within, longer, () => []).push(window);
    }
  }
  return new Map([...within].map(([start, windows]) => [start, sumOfWindows(windows, groups)]));
}

function sumOfWindows(windows: readonly WindowDelta[], groups: readonly GroupPlan[]): WindowDelta {
  if (windows.length === 1) return windows[0]!;
  return groups.map((group, index) => {
    const all: GroupDelta[] = [];
    for (const window of windows) if (window[index]) all.push(window[index]);
    if (all.length <= 1) return all[0];
    return group.dimensions.map((_, dimension) =>
      sumOfCells(
        group,
        all.map((delta) => delta[dimension]!),
      ),
    );
  });
}

function sumOfCells(group: GroupPlan, all: readonly Map<string, Cell>[]): Map<string, Cell> {
  const filled = all.filter(({ size }) => size > 0);
  if (filled.length <= 1) return filled[0] ?? all[0]!;
  const sum = new Map(filled[0]);
  /** Cells that are of the sum alone. */
  const own = new Set<Cell>();
  for (let at = 1; at < filled.length; at++) {
    for (const [value, cell] of filled[at]!) {
      let present = sum.get(value);
      if (present === undefined) {
        sum.set(value, cell);
        continue;
      }
      if (!own.has(present)) {
        present = copyCell(group, present);
        own.add(present);
        sum.set(value, present);
      }
      mergeCell(group, present, cell);
    }
  }
  return sum;
}
