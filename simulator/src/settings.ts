import { SettingsError, setting } from '@storepulse/contracts';
import { type Static, Type } from 'typebox';
import { DURATION_PATTERN } from './duration.ts';
import { MAX_RATE } from './load/profile.ts';
import { MARKETS, type MarketName } from './world/markets.ts';
import type { ShopSpec } from './world/shop-world.ts';

const marketNames = Object.keys(MARKETS).join('|');

/** What traffic the simulator makes. */
export const SimulatorSettingsSchema = Type.Object({
  rate: setting(
    'SIMULATOR_RATE',
    Type.Number({ default: 50, minimum: 0, maximum: MAX_RATE, description: 'events per second' }),
  ),
  seed: setting(
    'SIMULATOR_SEED',
    Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'text that decides all chance; unset: a new one per start',
      }),
    ),
  ),
  shops: setting(
    'SIMULATOR_SHOPS',
    Type.String({
      default: 'demo-shop:gb',
      pattern: `^[a-z0-9][a-z0-9-]{0,39}(:(${marketNames}))?(,[a-z0-9][a-z0-9-]{0,39}(:(${marketNames}))?)*$`,
      description: `shops, comma-separated, each with its market (${marketNames}; gb when not named)`,
    }),
  ),
  overload: setting(
    'SIMULATOR_OVERLOAD',
    Type.Union([Type.Literal('queue'), Type.Literal('shed')], {
      default: 'queue',
      description:
        'events that Kafka does not take in time wait (up to a bound), or are left out and counted',
    }),
  ),
  apiKey: setting(
    'SIMULATOR_API_KEY',
    Type.Optional(Type.String({ minLength: 16, description: 'key that the control interface asks for' })),
    { secret: true },
  ),
  backfill: setting(
    'SIMULATOR_BACKFILL',
    Type.String({
      default: '6h',
      pattern: DURATION_PATTERN,
      description: 'how much history is made when Kafka holds no shop yet, such as 30m or 6h; 0: none',
    }),
  ),
  backfillRate: setting(
    'SIMULATOR_BACKFILL_RATE',
    Type.Number({
      default: 2,
      minimum: 0,
      maximum: MAX_RATE,
      description: 'events per second of that history',
    }),
  ),
});
/** What traffic the simulator makes. */
export type SimulatorSettings = Static<typeof SimulatorSettingsSchema>;

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Whoever can reach the control interface can make events, so from other machines it asks for a key.
 * @param host the address that it listens on
 * @throws {SettingsError} when that can be reached from other machines and there is no key
 */
export function requireKeyBeyondLoopback(host: string, { apiKey }: Pick<SimulatorSettings, 'apiKey'>): void {
  if (LOOPBACK.has(host) || apiKey !== undefined) return;
  throw new SettingsError(
    `SIMULATOR_HOST ${host} can be reached from other machines: set SIMULATOR_API_KEY too`,
  );
}

/** Reads the list of shops, whose form the settings' schema has checked; a shop named twice is one shop. */
export function parseShops(text: string): ShopSpec[] {
  const specs = text.split(',').map((entry): ShopSpec => {
    const [shop, market = 'gb'] = entry.split(':');
    return { shop: shop!, market: market as MarketName };
  });
  return [...new Map(specs.map((spec) => [spec.shop, spec])).values()];
}
