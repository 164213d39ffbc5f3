import { setting } from '@storepulse/contracts';
import { requestRateSetting } from '@storepulse/http';
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
    Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: MAX_RATE,
        description:
          'events per second, day and night; unset: visits come as `SIMULATOR_VISITS_PER_HOUR` says',
      }),
    ),
  ),
  visitsPerHour: setting(
    'SIMULATOR_VISITS_PER_HOUR',
    Type.Number({
      default: 16,
      minimum: 0,
      maximum: MAX_RATE,
      description:
        'visits an hour to all shops together, the mean of a week; they come at the hours and on the weekdays of the shops’ markets',
    }),
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
    Type.Optional(
      Type.String({ minLength: 16, description: 'key that may steer, beside those of `ACCESS_FOLDER`' }),
    ),
    { secret: true },
  ),
  requestsPerSecond: requestRateSetting('simulator', 50),
  backfill: setting(
    'SIMULATOR_BACKFILL',
    Type.Optional(
      Type.String({
        pattern: DURATION_PATTERN,
        description:
          'how much history is made when Kafka holds no shop yet, such as 6h or 90d; 0: none; unset: 30d, or less where that would be more than about 60,000 events',
      }),
    ),
  ),
});
/** What traffic the simulator makes. */
export type SimulatorSettings = Static<typeof SimulatorSettingsSchema>;

/** Reads the list of shops, whose form the settings' schema has checked; a shop named twice is one shop. */
export function parseShops(text: string): ShopSpec[] {
  const specs = text.split(',').map((entry): ShopSpec => {
    const [shop, market = 'gb'] = entry.split(':');
    return { shop: shop!, market: market as MarketName };
  });
  return [...new Map(specs.map((spec) => [spec.shop, spec])).values()];
}
