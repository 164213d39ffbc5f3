import type { DeadLetterReason } from '../fates.ts';
import { EARLIEST_EVENT_TIME, zoneCalendar } from '../time.ts';
import type { StoreEvent } from './index.ts';
import { moneyFault } from './money-fault.ts';
import { changedTerm, type Shop } from './records.ts';

/** Values beyond this are not parsed. */
export const MAX_EVENT_BYTES = 1_000_000;
/** An event may be ahead of its own record's timestamp by this much: clocks differ. */
export const MAX_AHEAD_MS = 5 * 60_000;

/** Reasons that an event's shop, time and amounts give. */
export type FaultReason = Extract<
  DeadLetterReason,
  | 'schema-violation'
  | 'unknown-shop'
  | 'shop-changed'
  | 'impossible-time'
  | 'wrong-currency'
  | 'total-mismatch'
>;

/** Why an event that fits its schema can't be counted all the same. */
export interface EventFault {
  readonly reason: FaultReason;
  /** For people; it holds no value that may be personal. */
  readonly detail: string;
  /** The field that is at fault, as a JSON pointer. */
  readonly path: string;
}

/**
 * Judges an event that fits its schema by its shop, its time and its amounts: as the processor does, so that whoever
 * takes events can refuse what would become a dead letter.
 * @param counted its shop as it is counted; undefined: not known
 * @param recordTime timestamp of the event's record, epoch ms
 * @returns undefined when it can be counted
 */
export function eventFault(
  event: StoreEvent,
  counted: Shop | undefined,
  recordTime: number,
): EventFault | undefined {
  const isShop = event.type === 'shop_upserted';
  const shopFault = isShop ? faultOfShop(event, counted) : undefined;
  if (shopFault) return shopFault;
  const shop = isShop ? event : counted;
  if (!shop) return fault('unknown-shop', '/shop', `shop ${event.shop} is not on the topic shops`);
  if (event.eventTime < EARLIEST_EVENT_TIME)
    return fault('impossible-time', '/eventTime', 'eventTime is before 2000');
  if (event.eventTime > recordTime + MAX_AHEAD_MS) {
    const detail = 'eventTime is more than five minutes after the record itself';
    return fault('impossible-time', '/eventTime', detail);
  }
  return faultOfMoney(event, shop);
}

/** The first field of a shop's record that keeps it from being counted. */
function faultOfShop(told: Shop, counted: Shop | undefined): EventFault | undefined {
  if (!isTimeZone(told.timeZone)) {
    return fault('schema-violation', '/timeZone', '/timeZone: is no time zone of the IANA database');
  }
  const changed = counted && changedTerm(counted, told);
  if (!changed) return undefined;
  return fault(
    'shop-changed',
    `/${changed}`,
    `${changed} is ${told[changed]}, the shop is counted in ${counted[changed]}`,
  );
}

/** Windows begin by it: with another one the shop could not be counted. */
function isTimeZone(name: string): boolean {
  try {
    return zoneCalendar(name) !== undefined;
  } catch {
    return false;
  }
}

function faultOfMoney(event: StoreEvent, shop: Shop): EventFault | undefined {
  if ('currency' in event && event.currency !== shop.currency) {
    return fault('wrong-currency', '/currency', `${event.currency} in a shop of ${shop.currency}`);
  }
  const detail = moneyFault(event);
  return detail === undefined ? undefined : fault('total-mismatch', '', detail);
}

function fault(reason: FaultReason, path: string, detail: string): EventFault {
  return { reason, path, detail };
}
