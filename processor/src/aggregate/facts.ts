import type { EventSpec, FactCollection, StoreEvent } from '@storepulse/contracts';
import type { ClientSession, Collection } from 'mongodb';
import type { TSchema } from 'typebox';
import { goodsFields } from '../returns/goods-fields.ts';
import { through } from '../store/causal-reads.ts';
import { contentOf } from './fact-content.ts';
import { takingOffUnknown } from './known-fields.ts';
import { createPins } from './pins.ts';

/** A business fact as stored: `_id` is `shop|business key`, for ever. */
export type FactDocument = { readonly _id: string; readonly task: string } & Record<string, unknown>;

/** A fact that an event states. */
export interface Fact {
  readonly collection: FactCollection;
  readonly id: string;
  readonly event: StoreEvent;
  readonly schema: TSchema;
  /** What lines that tell no discount are worth, where the order says it: stored beside what the event tells. */
  readonly asSold?: AsSold;
}

/** Discounts that a refund or an order edit does not tell, and that its order has. */
export interface AsSold {
  /** By line that is taken back, those that are told among them, in minor units. */
  readonly discountsAsSold: readonly number[];
  /** Of the lines that tell none: by so much the event's amount is more than the goods were sold for. */
  readonly discountAsSold: number;
}

/**
 * What a fact is to those that are known: `new`, the `same` told again, or one of the same business key with `other`
 * content.
 */
export type FactNews = 'new' | 'same' | 'other';

/** Business facts of one task: an order, payment or refund counts once, for ever, whatever event carries it. */
export interface Facts {
  /** Keeps what is known of these until the returned function is called. */
  hold(facts: readonly Fact[]): () => void;
  /** Looks up which of these are stored already. Held, the answer stays until they are added. */
  load(facts: readonly Fact[]): Promise<void>;
  /** Notes a fact, unless its business key was there before. It must have been looked up. */
  add(fact: Fact): FactNews;
  /** Facts noted since the last call, by collection, for the commit. */
  take(): Map<FactCollection, FactDocument[]>;
  /** Forgets the keys used least recently beyond the bound; called when none is on its way to the store. */
  trim(): void;
}

/** The fact that an event states, if its type is one. */
export function factOf(event: StoreEvent, spec: EventSpec): Fact | undefined {
  if (!spec.fact) return undefined;
  const key = (event as unknown as Record<string, unknown>)[spec.fact.id];
  return { collection: spec.fact.collection, id: `${event.shop}|${key}`, event, schema: spec.schema };
}

/** Keys that stay in memory after they were stored; the look-up finds the rest. */
const REMEMBERED_KEYS = 20_000;

/** The collection of each kind of fact. */
export type FactCollections = (name: FactCollection) => Collection<FactDocument>;

/**
 * Builds the facts of one task.
 * @param options.keysOnly store what makes a fact count once and what later returns are valued by, and nothing else that
 * it says: what is told again is taken to be the same then. @default false
 * @param options.reads the claim's session for reading. @default none
 */
export function createFacts(
  task: string,
  collectionOf: FactCollections,
  { keysOnly = false, reads }: { keysOnly?: boolean; reads?: ClientSession } = {},
): Facts {
  /** Content by `collection|id` of facts known to exist, in order of use. */
  const known = new Map<string, string>();
  let pending = new Map<string, Fact>();
  const pins = createPins();
  const keyOf = ({ collection, id }: Fact) => `${collection}|${id}`;
  const remember = (key: string, content: string) => {
    known.delete(key);
    known.set(key, content);
  };

  return {
    hold: (facts) => pins.hold(facts.map(keyOf)),
    load: async (facts) => {
      const byCollection = new Map<FactCollection, string[]>();
      for (const fact of facts) {
        const key = keyOf(fact);
        const content = known.get(key);
        if (content !== undefined) remember(key, content);
        if (content !== undefined || pending.has(key)) continue;
        byCollection.set(fact.collection, [...(byCollection.get(fact.collection) ?? []), fact.id]);
      }
      await Promise.all(
        [...byCollection].map(async ([name, ids]) => {
          const found = collectionOf(name).find({ _id: { $in: ids } }, through(reads));
          // Whole documents, but only of facts that are told again.
          for await (const { _id, task: _task, ...fields } of found)
            remember(`${name}|${_id}`, contentOf(name, fields));
        }),
      );
    },
    add: (fact) => {
      const key = keyOf(fact);
      const before = pending.get(key);
      const content = before ? contentOfFact(before) : known.get(key);
      if (content === undefined) {
        pending.set(key, fact);
        return 'new';
      }
      return keysOnly || content === contentOfFact(fact) ? 'same' : 'other';
    },
    take: () => {
      const documents = new Map<FactCollection, FactDocument[]>();
      for (const [key, fact] of pending) {
        const fields = keysOnly ? keptFields(fact) : storedFields(fact);
        remember(key, contentOf(fact.collection, fields));
        const document = { _id: fact.id, task, ...fields };
        documents.set(fact.collection, [...(documents.get(fact.collection) ?? []), document]);
      }
      pending = new Map();
      return documents;
    },
    trim: () => {
      for (const key of known.keys()) {
        if (known.size <= REMEMBERED_KEYS) break;
        if (!pins.has(key)) known.delete(key);
      }
    },
  };
}

/**
 * The fields of a counted event that its schema knows. What else it carries is taken off the event itself: a copy of it
 * could be too deep to make, and too deep or too strangely named to store.
 */
export function fieldsOf({ schema, event }: Pick<Fact, 'schema' | 'event'>): Record<string, unknown> {
  const { type: _type, ...fields } = takingOffUnknown(schema)(event) as Record<string, unknown>;
  return fields;
}

const storedFields = (fact: Fact) => ({ type: fact.event.type, ...fieldsOf(fact), ...fact.asSold });
const keptFields = (fact: Fact) => ({ ...goodsFields(fact.collection, fieldsOf(fact)), ...fact.asSold });
const contentOfFact = (fact: Fact) => contentOf(fact.collection, storedFields(fact));
