import { type EventSpec, eventRegistry } from '@storepulse/contracts';
import type { TProperties, TSchema } from 'typebox';
import { AMOUNT_FIELDS, type AmountType, isAmountType } from './amounts/fields.ts';

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
  /**
   * The business key that may be left out: the `eventId` stands for it, which a copy has too. Not `orderId`, by which
   * other events name the order.
   */
  readonly keyMayBeMissing: string | undefined;
  /** Whether `visitorId` may be left out: the customer stands for it, or the order. */
  readonly visitorMayBeMissing: boolean;
  /** The type, if its amounts may be told otherwise. */
  readonly amounts: AmountType | undefined;
}

/** Keys that are told, or filled in, for themselves. */
const NAMED: ReadonlySet<string> = new Set(['orderId', 'eventId']);

/** All event types by name. */
export const eventForms: ReadonlyMap<string, EventForm> = new Map(
  [...eventRegistry].map(([type, spec]) => [type, formOf(spec)]),
);

/** Fields that an event may have beside those of its schema, or in their place. */
export function sentFields({ amounts }: EventForm): TProperties {
  return amounts === undefined ? {} : AMOUNT_FIELDS[amounts].fields;
}

/** What stands for each field that an event may leave out; the fields that are null then are not among them. */
export function standIns(form: EventForm): Readonly<Record<string, string>> {
  const { keyMayBeMissing, visitorMayBeMissing, timeMayBeMissing, amounts } = form;
  return {
    eventId: 'made of the content, so that a copy has the same',
    ...(timeMayBeMissing ? { eventTime: 'the time of arrival, where there is an eventId' } : {}),
    ...(keyMayBeMissing === undefined ? {} : { [keyMayBeMissing]: 'the eventId' }),
    ...(visitorMayBeMissing
      ? { visitorId: '`customer:` and the customerId, else `order:` and the orderId' }
      : {}),
    ...(amounts === undefined ? {} : AMOUNT_FIELDS[amounts].omissible),
  };
}

function formOf(spec: EventSpec): EventForm {
  const { properties, required } = spec.schema as unknown as {
    properties: Readonly<Record<string, TSchema & { anyOf?: readonly { type?: string }[] }>>;
    required: readonly string[];
  };
  const nullable = required.filter((name) => properties[name]!.anyOf?.some(({ type }) => type === 'null'));
  const { fact, type } = spec;
  return {
    ...{ spec, nullable },
    timeMayBeMissing: fact === undefined,
    keyMayBeMissing: fact === undefined || NAMED.has(fact.id) ? undefined : fact.id,
    visitorMayBeMissing: fact !== undefined && properties.orderId !== undefined,
    amounts: isAmountType(type) ? type : undefined,
  };
}
