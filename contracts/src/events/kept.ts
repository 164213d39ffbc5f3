import type { TProperties, TSchema } from 'typebox';
import { isAmount, personalFields } from './envelope.ts';
import { type EventType, eventRegistry, type FactCollection } from './index.ts';

/** An event type whose events MongoDB keeps, each once, under the business key that it names. */
export interface KeptEvent {
  readonly type: EventType;
  readonly collection: FactCollection;
  /** The fields that are stored, in the order of the schema. */
  readonly fields: readonly string[];
  /** Those that are personal. */
  readonly personal: ReadonlySet<string>;
  /** Those that are amounts; of the elements of a list as `lines.discount`. */
  readonly money: ReadonlySet<string>;
}

type ObjectSchema = TSchema & { readonly properties: TProperties };

/** By type, all events that are kept. */
export const KEPT_EVENTS: ReadonlyMap<string, KeptEvent> = new Map(
  [...eventRegistry.values()].flatMap(({ type, schema, fact }) => {
    if (!fact) return [];
    const { properties } = schema as ObjectSchema;
    const kept: KeptEvent = {
      type: type as EventType,
      collection: fact.collection,
      fields: Object.keys(properties),
      personal: new Set(personalFields(schema)),
      money: new Set(amountsIn(properties)),
    };
    return [[type, kept] as const];
  }),
);

/** Their types. */
export const KEPT_TYPES: readonly string[] = [...KEPT_EVENTS.keys()];

function amountsIn(properties: TProperties, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const { items } = schema as { items?: ObjectSchema };
    if (items?.properties) return amountsIn(items.properties, `${prefix}${name}.`);
    return isAmount(schema) ? [`${prefix}${name}`] : [];
  });
}
