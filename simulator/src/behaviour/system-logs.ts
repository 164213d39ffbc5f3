import type { StoreEvent } from '@storepulse/contracts';
import { weightedDraw } from '../random/weighted.ts';
import type { Stage } from './stage.ts';

/** What the shop's services write into their logs, with the odds of each. */
const LINES = [
  { weight: 60, service: 'web', level: 'info', code: 'request_served', message: 'Page served', latency: 90 },
  {
    weight: 14,
    service: 'search',
    level: 'info',
    code: 'query_served',
    message: 'Query served',
    latency: 45,
  },
  { weight: 12, service: 'cart', level: 'info', code: 'cart_saved', message: 'Cart saved', latency: 25 },
  { weight: 6, service: 'inventory', level: 'info', code: 'stock_read', message: 'Stock read', latency: 15 },
  { weight: 4, service: 'web', level: 'warn', code: 'slow_request', message: 'Slow request', latency: 1_400 },
  {
    weight: 2,
    service: 'search',
    level: 'warn',
    code: 'cache_miss',
    message: 'Index read from disk',
    latency: 300,
  },
  {
    weight: 1,
    service: 'web',
    level: 'error',
    code: 'upstream_timeout',
    message: 'Upstream timed out',
    latency: 5_000,
  },
] as const;
const drawLine = weightedDraw(LINES, (line) => line.weight);
const INSTANCES = 3;

/** A line of a service's log, as one of many that visits leave behind. */
export function systemLog({ world, random, ids }: Stage, time: number): StoreEvent {
  const { service, level, code, message, latency } = drawLine(random);
  return {
    type: 'system_log',
    eventId: ids.eventId(time),
    eventTime: time,
    shop: world.shop,
    service,
    instance: `${service}-${random.integer(1, INSTANCES)}`,
    level,
    code,
    message,
    latencyMs: Math.round(random.logNormal(latency, 0.5)),
  };
}

/** The error that a refused payment leaves in the log of the payment service. */
export function paymentErrorLog({ world, random, ids }: Stage, reason: string, time: number): StoreEvent {
  return {
    type: 'system_log',
    eventId: ids.eventId(time),
    eventTime: time,
    shop: world.shop,
    service: 'payment',
    instance: `payment-${random.integer(1, INSTANCES)}`,
    level: 'error',
    code: 'payment_refused',
    message: `Payment refused: ${reason}`,
    latencyMs: Math.round(random.logNormal(900, 0.5)),
  };
}
