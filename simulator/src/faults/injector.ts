import { FACT_TOPICS, type Fate, type StoreEvent, toRecord } from '@storepulse/contracts';
import TinyQueue from 'tinyqueue';
import { createRandom, type Random } from '../random/random.ts';
import type { OutgoingRecord } from '../sink/event-sink.ts';
import { FAULT_NAMES, type FaultName, type FaultShares } from './faults.ts';
import { mangle } from './mangle.ts';

/** What becomes of an event that was made: the record that carries it, and the fate that a correct reader gives it. */
export interface Emission {
  /** As it is sent, its time changed by a fault or not. */
  readonly event: StoreEvent;
  /** Undefined: it is never sent. */
  readonly record: OutgoingRecord | undefined;
  readonly fate: Fate | 'dropped';
  readonly fault: FaultName | null;
}

/** Lets faults happen to events, by seeded chance. */
export interface FaultInjector {
  /** From now on these shares. */
  setShares(shares: FaultShares): void;
  /** What becomes of an event. */
  pass(event: StoreEvent): Emission;
  /** When the next copy of an earlier event is due, epoch ms; Infinity when there is none. */
  nextCopyTime(): number;
  /** The copy that is due. */
  takeCopy(): Emission;
  /** Forgets copies that have been due for minutes before `time`: who sends again gives up at last. */
  forgetCopies(time: number): void;
}

/** Header of a record that a fault has befallen. */
export const FAULT_HEADER = 'sim_fault';

const MINUTE = 60_000;
/** With the two minutes of a copy's delay and the four of a clock that is ahead, within ten minutes of the original. */
const RESENT_WITHIN = 3 * MINUTE;
/** Only events of visits suffer: a broken record on a compacted topic would stay the truth of its key. */
const SUFFERING: ReadonlySet<string> = new Set(FACT_TOPICS);

/** Makes an injector that lets nothing happen yet. */
export function createFaultInjector(seed: string): FaultInjector {
  const random = createRandom(`${seed}|faults`);
  const copies = new TinyQueue<{ at: number; turn: number; event: StoreEvent }>(
    [],
    (a, b) => a.at - b.at || a.turn - b.turn,
  );
  let shares: FaultShares = {};
  let none = true;
  let turn = 0;

  const strike = (fault: FaultName, event: StoreEvent): Emission => {
    switch (fault) {
      case 'late':
        return shifted(event, -random.integer(MINUTE + 1, 10 * MINUTE), fault);
      case 'out_of_order':
        return shifted(event, -random.integer(1, 5_000), fault);
      case 'clock_skew':
        return shifted(event, random.integer(1, 4 * MINUTE), fault);
      case 'duplicate':
        turn += 1;
        copies.push({ at: event.eventTime + random.integer(1, 2 * MINUTE), turn, event });
        return sound(event);
      case 'malformed':
      case 'poison': {
        const { record, reason } = mangle(fault, event, toRecord(event, SOURCE), random);
        return { event, record: labelled(record, fault), fate: `dead-letter:${reason}`, fault };
      }
      case 'drop':
        return { event, record: undefined, fate: 'dropped', fault };
    }
  };

  return {
    setShares: (next) => {
      shares = next;
      none = FAULT_NAMES.every((name) => !shares[name]);
    },
    pass: (event) => {
      if (none) return sound(event);
      const record = toRecord(event, SOURCE);
      const fault = SUFFERING.has(record.topic) ? drawFault(shares, random) : null;
      return fault ? strike(fault, event) : { event, record, fate: 'processed', fault: null };
    },
    forgetCopies: (time) => {
      while (copies.length > 0 && copies.peek()!.at < time - RESENT_WITHIN) copies.pop();
    },
    nextCopyTime: () => copies.peek()?.at ?? Number.POSITIVE_INFINITY,
    takeCopy: () => {
      const { event } = copies.pop()!;
      const record = labelled(toRecord(event, SOURCE), 'duplicate');
      return { event, record, fate: 'duplicate', fault: 'duplicate' };
    },
  };
}

/** The sender's name in the records' headers. */
export const SOURCE = '/simulator';

function sound(event: StoreEvent): Emission {
  return { event, record: toRecord(event, SOURCE), fate: 'processed', fault: null };
}

function shifted(event: StoreEvent, by: number, fault: FaultName): Emission {
  const moved = { ...event, eventTime: event.eventTime + by };
  return { event: moved, record: labelled(toRecord(moved, SOURCE), fault), fate: 'processed', fault };
}

function labelled(record: OutgoingRecord, fault: FaultName): OutgoingRecord {
  return { ...record, headers: { ...record.headers, [FAULT_HEADER]: fault } };
}

/** One number decides whether a fault happens, and which. */
function drawFault(shares: FaultShares, random: Random): FaultName | null {
  let point = random.next();
  for (const name of FAULT_NAMES) {
    point -= shares[name] ?? 0;
    if (point < 0) return name;
  }
  return null;
}
