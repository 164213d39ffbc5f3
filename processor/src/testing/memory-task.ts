import { isDeepStrictEqual } from 'node:util';
import {
  aggregators,
  eventRegistry,
  type Stored,
  type StoredCells,
  type StoreEvent,
  zoneCalendar,
} from '@storepulse/contracts';
import type { Collection } from 'mongodb';
import { emptyCell } from '../aggregate/delta.ts';
import { createEventIds, type EventIds, type EventIdsDocument } from '../aggregate/event-ids.ts';
import { createFacts, type FactDocument } from '../aggregate/facts.ts';
import { foldDelta } from '../aggregate/fold.ts';
import { encodeCells, mergeCell, type PartialState } from '../aggregate/partials.ts';
import type { GroupPlan, Plan } from '../aggregate/plan.ts';
import { createSessions, type VisitCollections } from '../aggregate/sessions.ts';
import { createTallier, type Tally } from '../aggregate/tally.ts';
import { createWatermarks } from '../aggregate/watermarks.ts';
import { getOrCreate } from '../get-or-create.ts';
import { createReturns } from '../returns/returns.ts';
import { SHOP } from './events.ts';

/**
 * A task's counting without servers: an empty store, and commits into memory.
 * @param knownIds what it knows of event ids. @default nothing
 */
export function memoryTask(plan: Plan, knownIds?: EventIds) {
  const empty = { find: () => (async function* () {})() };
  const facts = () => empty as unknown as Collection<FactDocument>;
  const stored = new Map<string, { group: GroupPlan; state: PartialState }>();
  const tallier = createTallier({
    plan,
    facts: createFacts('facts/0', facts),
    returns: createReturns('facts/0', facts),
    sessions: createSessions(
      'facts/0',
      { sessions: empty, visitShares: empty } as unknown as VisitCollections,
      plan,
    ),
    eventIds: knownIds ?? createEventIds('facts/0', empty as unknown as Collection<EventIdsDocument>),
    watermarks: createWatermarks({
      topics: ['transactions'],
      disorderMs: 0,
      latenessMs: 0,
      now: () => 0,
      stored: { watermarks: {}, latest: {} },
    }),
  });
  const shop = { shop: SHOP, calendar: zoneCalendar(SHOP.timeZone) };
  let seq = 0;
  let pending: Tally[] = [];

  return {
    /** Counts events as one batch; returns their tally. */
    count: async (events: readonly StoreEvent[]): Promise<Tally> => {
      const entries = events.map((event) => ({
        record: { key: Buffer.from(''), value: null, headers: {}, offset: 0, timestamp: event.eventTime },
        decoded: { kind: 'event' as const, event, spec: eventRegistry.get(event.type)! },
      }));
      const release = await tallier.load(entries);
      for (const entry of entries) tallier.add(entry.decoded.spec.topic, 0, entry);
      release();
      const tally = tallier.take(++seq);
      pending.push(tally);
      return tally;
    },
    /** Folds what was counted into the stored windows. */
    commit: () => {
      for (const { delta } of pending) {
        for (const [window, { group, additions }] of foldDelta(delta, plan, () => shop, 0)) {
          const { state } = getOrCreate(stored, window, () => ({ group, state: new Map() }));
          for (const { dimension, value, cell } of additions) {
            const values = getOrCreate(state, dimension, () => new Map());
            mergeCell(
              group,
              getOrCreate(values, value, () => emptyCell(group.metrics.length)),
              cell,
            );
          }
        }
      }
      pending = [];
    },
    /** All windows as they would be stored, without cells that are back at zero. */
    windows: (): Record<string, StoredCells> => {
      const sorted = [...stored].sort(([a], [b]) => (a < b ? -1 : 1));
      return Object.fromEntries(
        sorted.flatMap(([window, { group, state }]) => {
          const cells = withoutZeros(encodeCells(group, state));
          return Object.keys(cells).length > 0 ? [[window, cells]] : [];
        }),
      );
    },
    /** One metric's stored numbers: `window dimension/value` to number, for the given dimensions. */
    readAll: (group: string, metric: string, dimensions: readonly string[]): Map<string, number> => {
      const numbers = new Map<string, number>();
      for (const [window, entry] of stored) {
        if (entry.group.name !== group) continue;
        for (const [dimension, values] of Object.entries(encodeCells(entry.group, entry.state))) {
          if (!dimensions.includes(dimension)) continue;
          for (const [value, cell] of Object.entries(values)) {
            if (cell[metric] !== undefined)
              numbers.set(`${window} ${dimension}/${value}`, cell[metric] as number);
          }
        }
      }
      return numbers;
    },
  };
}

const EMPTY_DISTRIBUTION = aggregators.distribution.encode(aggregators.distribution.zero());

function isZero(stored: Stored): boolean {
  if (typeof stored === 'number') return stored === 0;
  return isDeepStrictEqual(stored, EMPTY_DISTRIBUTION);
}

function withoutZeros(cells: StoredCells): StoredCells {
  const kept: Record<string, Record<string, Record<string, Stored>>> = {};
  const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
  for (const [dimension, values] of Object.entries(cells).sort(byName)) {
    const left = Object.entries(values)
      .sort(byName)
      .map(([value, cell]) => [value, Object.entries(cell).filter(([, stored]) => !isZero(stored))] as const)
      .filter(([, measures]) => measures.length > 0);
    if (left.length === 0) continue;
    kept[dimension] = Object.fromEntries(
      left.map(([value, measures]) => [value, Object.fromEntries(measures)]),
    );
  }
  return kept;
}
