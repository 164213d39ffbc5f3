import { type EventSpec, eventRegistry } from '@storepulse/contracts';
import type { TSchema } from 'typebox';

/** What is filled into an event of one type where it is left out. */
export interface EventForm {
  readonly spec: EventSpec;
  /** Fields that are null when they are left out. */
  readonly nullable: readonly string[];
  /**
   * Whether `eventTime` may be left out: the time of arrival is taken then. Not of a fact: a copy of it would tell
   * another time, and contradict what was counted.
   */
  readonly timeMayBeMissing: boolean;
}

/** All event types by name. */
export const eventForms: ReadonlyMap<string, EventForm> = new Map(
  [...eventRegistry].map(([type, spec]) => [type, formOf(spec)]),
);

function formOf(spec: EventSpec): EventForm {
  const { properties, required } = spec.schema as unknown as {
    properties: Readonly<Record<string, TSchema & { anyOf?: readonly { type?: string }[] }>>;
    required: readonly string[];
  };
  const nullable = required.filter((name) => properties[name]!.anyOf?.some(({ type }) => type === 'null'));
  return { spec, nullable, timeMayBeMissing: spec.fact === undefined };
}
