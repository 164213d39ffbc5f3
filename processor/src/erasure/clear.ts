import { eventRegistry, type FactCollection, personalFields } from '@storepulse/contracts';
import type { FactDocument } from '../aggregate/facts.ts';

/** The personal fields of each collection of facts, as the schemas of their events mark them. */
export const PERSONAL_FIELDS: ReadonlyMap<FactCollection, readonly string[]> = new Map(
  [...Map.groupBy(eventRegistry.values(), ({ fact }) => fact?.collection)].flatMap(([collection, specs]) =>
    collection ? [[collection, [...new Set(specs.flatMap(({ schema }) => personalFields(schema)))]]] : [],
  ),
);

/** Null for each personal field of a collection. */
export function blank(collection: FactCollection): Readonly<Record<string, null>> {
  return Object.fromEntries(PERSONAL_FIELDS.get(collection)!.map((field) => [field, null]));
}

/** A fact without its person: it still counts once, and its amounts stay. */
export function clearFact(collection: FactCollection, fact: FactDocument): FactDocument {
  return { ...fact, ...blank(collection) };
}
