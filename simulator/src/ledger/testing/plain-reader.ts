import { eventRegistry, keyOf, type StoreEvent } from '@storepulse/contracts';
import { Compile } from 'typebox/compile';

/** A record as Kafka has it. */
export interface ReadRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  /** Epoch ms; undefined: not known, and so no event is ahead of it. */
  readonly timestamp?: number;
}

/** What a shop's events must have, so that they are its own. */
export interface PlainShop {
  readonly currency: string;
}

const checks = new Map([...eventRegistry].map(([type, { schema }]) => [type, Compile(schema)] as const));
const AHEAD_MS = 5 * 60_000;
const YEAR_2000 = Date.UTC(2000, 0, 1);

/**
 * Reads records the plainest way: one after the other, forgetting what can't be read, does not add up, or was there
 * before. As slow as it may be, and written from the published descriptions alone.
 */
export function readPlainly(
  records: readonly ReadRecord[],
  shops: ReadonlyMap<string, PlainShop>,
  now: number,
): StoreEvent[] {
  const seen = new Set<string>();
  return records.flatMap((record) => {
    const event = parse(record, shops);
    if (!event || event.eventTime < YEAR_2000 || event.eventTime > (record.timestamp ?? now) + AHEAD_MS)
      return [];
    const ids = [event.eventId, ...businessKeys(event)];
    if (ids.some((id) => seen.has(id))) return [];
    for (const id of ids) seen.add(id);
    return [event];
  });
}

function parse(
  { topic, key, value }: ReadRecord,
  shops: ReadonlyMap<string, PlainShop>,
): StoreEvent | undefined {
  let event: StoreEvent;
  try {
    event = JSON.parse(value) as StoreEvent;
  } catch {
    return undefined;
  }
  const spec = eventRegistry.get(event?.type);
  if (!spec || spec.topic !== topic || !checks.get(event.type)!.Check(event)) return undefined;
  if (topic !== 'system-logs' && keyOf(spec, event) !== key) return undefined;
  const shop = shops.get(event.shop);
  if (!shop || ('currency' in event && event.currency !== shop.currency)) return undefined;
  return addsUp(event) ? event : undefined;
}

function addsUp(event: StoreEvent): boolean {
  if (event.type === 'refund_issued') {
    const rest = event.amount - (event.shipping ?? 0) - (event.tax ?? 0);
    return event.lines?.length ? rest === discountedWorth(event.lines) : rest >= 0;
  }
  if (event.type === 'order_edited') {
    const { added, removed, shipping, tax, total } = event;
    return total === discountedWorth(added) - discountedWorth(removed) + shipping + tax;
  }
  if (event.type !== 'order_placed') return true;
  const { subtotal, discount, shipping, tax, total, lines } = event;
  const discounts = lines.reduce((sum, line) => sum + line.discount, 0);
  return (
    subtotal === worthOf(lines) && discount === discounts && total === subtotal - discount + shipping + tax
  );
}

function worthOf(lines: readonly { unitPrice: number; quantity: number }[]): number {
  return lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
}

/** Lines after their discounts. */
function discountedWorth(
  lines: readonly { unitPrice: number; quantity: number; discount?: number }[],
): number {
  return lines.reduce((sum, line) => sum + line.unitPrice * line.quantity - (line.discount ?? 0), 0);
}

function businessKeys(event: StoreEvent): string[] {
  switch (event.type) {
    case 'order_placed':
      return [`order ${event.shop} ${event.orderId}`];
    case 'order_edited':
      return [`edit ${event.shop} ${event.editId}`];
    case 'payment_authorized':
    case 'payment_failed':
      return [`payment ${event.shop} ${event.paymentId}`];
    case 'refund_issued':
      return [`refund ${event.shop} ${event.refundId}`];
    case 'order_cancelled':
      return [`cancellation ${event.shop} ${event.orderId}`];
    default:
      return [];
  }
}
