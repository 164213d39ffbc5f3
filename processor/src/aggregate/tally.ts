import {
  COLLECTIONS,
  type DeadLetterReason,
  type EventSpec,
  FACT_TOPICS,
  type FactCollection,
  type Fate,
  type StoreEvent,
  type TopicName,
  type VisitEvent,
} from '@storepulse/contracts';
import { toDeadLetter } from '../dead-letters/put-aside.ts';
import type { Decoded } from '../decode/decoder.ts';
import { createPeople, type PersonChange } from '../erasure/people.ts';
import { getOrCreate } from '../get-or-create.ts';
import type { InputRecord, OutputRecord } from '../kafka/port.ts';
import type { Returns } from '../returns/returns.ts';
import { type AnnotationChange, createAnnotations } from './annotations.ts';
import type { CommitSize } from './commit-size.ts';
import { type Delta, emptyDelta, type WeightOf, wideCells, windowOf } from './delta.ts';
import type { EventIds, EventIdsDocument } from './event-ids.ts';
import { type Fact, type FactDocument, type Facts, factOf, fieldsOf } from './facts.ts';
import type { Plan } from './plan.ts';
import { type Sessions, sessionKey, type VisitWrites } from './sessions.ts';
import type { Watermarks } from './watermarks.ts';

/** Records counted ahead of a commit at most: more than a backlog commits at once, so that counting need not wait. */
const MAX_RECORDS = 100_000;
/** Of those, records that may each become a document of the transaction: facts, visits, full state, dead letters. */
const MAX_DOCUMENTS = 10_000;
/** The bytes of those at most: they are held until the commit, and may be a megabyte each. */
const MAX_BYTES = 16_000_000;
/**
 * 10-second windows touched ahead of a commit at most, by their weight. Each becomes some six documents, so this keeps
 * transactions near 2,000 documents; replays of history, with an order or two to a window, are what reaches it.
 */
const MAX_WINDOWS = 300;
/**
 * Cells of wide dimensions ahead of a commit at most. Each is written in five resolutions, mostly to a document of its own, so
 * this bounds how long a shop whose every event names a value of its own makes others wait.
 */
const MAX_WIDE_CELLS = 5_000;
/** Records after which these are counted again, at the full size of commits: it means going through all of the delta. */
const COUNT_WIDE_EVERY = 256;

/** Where the full state of each compacted topic is kept. */
const RECORD_COLLECTIONS = new Map<TopicName, string>([
  ['shops', COLLECTIONS.shops],
  ['customers', COLLECTIONS.customers],
  ['products', COLLECTIONS.products],
]);
const visitTopics: ReadonlySet<TopicName> = new Set(FACT_TOPICS);

/** Whether an event belongs to a visit: some tell none, and an exchange rate has no visitor. */
function isOfVisit(event: StoreEvent): event is VisitEvent & { sessionId: string } {
  return typeof (event as VisitEvent).sessionId === 'string';
}

/** A record with what was made of it. */
export interface DecodedRecord {
  readonly record: InputRecord;
  readonly decoded: Decoded;
}

/** Everything that was counted since the last commit. */
export interface Tally {
  readonly delta: Delta;
  readonly fates: Partial<Record<Fate, number>>;
  readonly late: number;
  /** Lines that were taken back without a discount, of orders that are not known: counted with their full price. */
  readonly asTold: number;
  readonly deadLetters: readonly OutputRecord[];
  /** By collection and key: the fields of the record's latest state, or null for a tombstone. */
  readonly records: ReadonlyMap<string, ReadonlyMap<string, Record<string, unknown> | null>>;
  /** Annotations that were told, by `_id`. */
  readonly annotations: ReadonlyMap<string, AnnotationChange>;
  /** Timestamps of the records, epoch ms. */
  readonly sentAt: readonly number[];
  /** Customers that were erased or told, by key. */
  readonly people: ReadonlyMap<string, PersonChange>;
  readonly sessions: VisitWrites;
  readonly facts: ReadonlyMap<FactCollection, readonly FactDocument[]>;
  readonly eventIds: EventIdsDocument | undefined;
  /** Events, dead letters and visits that were settled or added to in it; 0: nothing to commit. */
  readonly size: number;
}

/** Counts records: gives each its fate and adds it to whatever it moves. */
export interface Tallier {
  /**
   * Brings the state that these records need, and memory lacks, from the store.
   * @returns lets it go again, to be called once they are counted
   */
  load(records: readonly DecodedRecord[]): Promise<() => void>;
  /** Counts one record, whose state must be loaded. */
  add(topic: TopicName, partition: number, entry: DecodedRecord): void;
  /**
   * Adds what other tasks have seen of this task's visits, and settles visits that have ended by the shops' watermarks,
   * some hundreds of each at most.
   * @returns whether there may be more
   */
  settle(watermarks: Readonly<Record<string, number>>): Promise<boolean>;
  /** What was counted since the last call; counting goes on in a new tally. */
  take(seq: number): Tally;
  /** Records counted, and visits settled, that are not yet taken. */
  readonly size: number;
  /** Whether so much is waiting that a commit must come first: what bounds memory and transactions. */
  isFull(): boolean;
}

/** Builds a task's tallier over its parts. */
export function createTallier(parts: {
  plan: Plan;
  facts: Facts;
  returns: Returns;
  sessions: Sessions;
  eventIds: EventIds;
  watermarks: Watermarks;
  /** What its task reads: one that reads no topic of visits does not look for them. @default all topics */
  topics?: readonly TopicName[];
  /** @default the usual bounds */
  commitSize?: Pick<CommitSize, 'share'>;
  /** What windows weigh of a commit's bound. @default each 1 */
  weightOf?: WeightOf;
}): Tallier {
  const { plan, facts, returns, sessions, eventIds, watermarks, commitSize = { share: 1 } } = parts;
  const { topics = FACT_TOPICS, weightOf } = parts;
  const countsVisits = plan.countsVisits && topics.some((topic) => visitTopics.has(topic));
  let delta = emptyDelta(weightOf);
  let fates: Partial<Record<Fate, number>> = {};
  let late = 0;
  let asTold = 0;
  let size = 0;
  let bytes = 0;
  let documents = 0;
  let wide = 0;
  /** The size when these were counted last. */
  let wideAt = 0;
  let deadLetters: OutputRecord[] = [];
  let records = new Map<string, Map<string, Record<string, unknown> | null>>();
  const people = createPeople();
  const annotations = createAnnotations();
  let sentAt: number[] = [];

  const fate = (name: Fate) => {
    fates[name] = (fates[name] ?? 0) + 1;
  };
  const hold = ({ value }: InputRecord) => {
    documents++;
    bytes += value?.length ?? 0;
  };
  const refuse = (
    topic: TopicName,
    partition: number,
    record: InputRecord,
    reason: DeadLetterReason,
    detail: string,
  ) => {
    fate(`dead-letter:${reason}`);
    deadLetters.push(toDeadLetter(topic, partition, record, reason, detail));
  };
  const keep = (topic: TopicName, record: InputRecord, state: Parameters<typeof fieldsOf>[0] | null) => {
    const collection = RECORD_COLLECTIONS.get(topic);
    if (!collection) return;
    hold(record);
    getOrCreate(records, collection, () => new Map()).set(
      record.key?.toString() ?? '',
      state && fieldsOf(state),
    );
  };

  return {
    load: async (entries) => {
      eventIds.arrive();
      const visits = new Set<string>();
      const wanted: Fact[] = [];
      for (const { decoded } of entries) {
        if (decoded.kind !== 'event') continue;
        const { event, spec } = decoded;
        if (countsVisits && visitTopics.has(spec.topic)) {
          if (isOfVisit(event)) visits.add(sessionKey(event.shop, event.sessionId));
        }
        const fact = factOf(event, spec);
        if (fact) wanted.push(fact);
      }
      const holds = [sessions.hold(visits), facts.hold(wanted), returns.hold(wanted)];
      const release = () => {
        for (const letGo of holds) letGo();
      };
      try {
        await Promise.all([sessions.load(visits), facts.load(wanted), returns.load(wanted)]);
      } catch (error) {
        release();
        throw error;
      }
      return release;
    },
    add: (topic, partition, { record, decoded }) => {
      size++;
      sentAt.push(record.timestamp);
      if (decoded.kind === 'unreadable') {
        hold(record);
        refuse(topic, partition, record, decoded.reason, decoded.detail);
        return;
      }
      if (decoded.kind === 'tombstone') {
        fate('processed');
        keep(topic, record, null);
        if (topic === 'customers') people.erase(decoded.key, record.timestamp);
        return;
      }
      const { event, spec } = decoded;
      const fact = factOf(event, spec);
      if (fact) hold(record);
      const valued = fact && returns.value(fact);
      const news = valued && facts.add(valued.fact);
      const isNewEvent =
        isKnownByItsKey(spec) ||
        spec.identity === 'none' ||
        eventIds.add(topic, event.shop, event.eventId, event.eventTime, timeOf(event, record));
      const first = isNewEvent && (news === undefined || news === 'new');
      if (watermarks.note(topic, event.shop, timeOf(event, record)) && first) late++;
      // Full state is kept even from a repeated record: the last one in the log is the state.
      keep(topic, record, { schema: spec.schema, event });
      if (topic === 'customers') people.tell(String(record.key), record.timestamp);
      if (news === 'other') {
        refuse(topic, partition, record, 'conflicting-content', conflictOf(spec));
        return;
      }
      if (!first) {
        fate('duplicate');
        return;
      }
      fate('processed');
      if (event.type === 'annotation_posted') {
        hold(record);
        annotations.note(event);
      }
      if (valued) {
        returns.note(valued.fact);
        asTold += valued.asTold;
      }
      const counted = valued?.event ?? event;
      plan.addEvent.get(event.type)?.(windowOf(delta, event.shop, event.eventTime), counted);
      if (countsVisits && visitTopics.has(topic) && isOfVisit(event)) {
        documents++;
        sessions.add(event, delta);
      }
    },
    settle: async (reached) => {
      if (!countsVisits) return false;
      // First: what others have seen may tell that a visit goes on.
      const taken = await sessions.takeIn(() => delta);
      const settled = await sessions.settle(reached, () => delta);
      size += taken.visits + settled.visits;
      documents += taken.visits + settled.visits;
      return taken.more || settled.more;
    },
    take: (seq) => {
      returns.take();
      const tally: Tally = {
        delta,
        fates,
        late,
        asTold,
        deadLetters,
        records,
        people: people.take(),
        annotations: annotations.take(),
        sentAt,
        sessions: sessions.take(seq),
        facts: facts.take(),
        eventIds: eventIds.take(seq),
        size,
      };
      delta = emptyDelta(weightOf);
      fates = {};
      late = 0;
      asTold = 0;
      size = 0;
      bytes = 0;
      documents = 0;
      wide = 0;
      wideAt = 0;
      deadLetters = [];
      records = new Map();
      sentAt = [];
      return tally;
    },
    get size() {
      return size;
    },
    isFull: () => {
      const { share } = commitSize;
      if (size - wideAt >= COUNT_WIDE_EVERY * share) {
        wide = wideCells(delta);
        wideAt = size;
      }
      return (
        size >= MAX_RECORDS * share ||
        documents >= MAX_DOCUMENTS * share ||
        bytes >= MAX_BYTES * share ||
        delta.windows >= MAX_WINDOWS * share ||
        wide >= MAX_WIDE_CELLS * share
      );
    },
  };
}

/**
 * How far an event tells that a shop has got, epoch ms: a clock that is ahead must not take others' time to be late or
 * to be remembered away.
 */
const timeOf = ({ eventTime }: StoreEvent, { timestamp }: InputRecord) => Math.min(eventTime, timestamp);

/**
 * Whether an event is told from others by its business key. A fact whose key is its event id is looked for among the event
 * ids as well: a release before it was a fact has counted it by that alone.
 */
const isKnownByItsKey = ({ fact }: EventSpec) => fact !== undefined && fact.id !== 'eventId';

/** Names the field that a fact is known by, never its value, which may be personal. */
function conflictOf({ type, fact }: EventSpec): string {
  return `${type}: its ${fact!.id} was counted before with other content, which stays`;
}
