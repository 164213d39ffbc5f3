import { type Static, Type } from 'typebox';
import { LoadProfile } from '../load/profile.ts';
import { MARKETS, type MarketName } from '../world/markets.ts';
import { TimedCommand } from './commands.ts';

const marketNames = Object.keys(MARKETS) as MarketName[];

/** A shop and the market that it sells in. */
export const RunShop = Type.Object(
  {
    shop: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: 'the shop’s id' }),
    market: Type.Unsafe<MarketName>({ type: 'string', enum: marketNames }),
  },
  { additionalProperties: false },
);

/**
 * All that decides the events of a run: the same specification makes the same events, whenever, however fast and
 * into however many partitions. What is done to a run while it goes on is added to its timeline.
 */
export const RunSpec = Type.Object(
  {
    seed: Type.String({ minLength: 1, maxLength: 64 }),
    shops: Type.Array(RunShop, { minItems: 1, maxItems: 100 }),
    origin: Type.Integer({ description: 'event time of the first event, epoch ms' }),
    profile: LoadProfile,
    timeline: Type.Array(TimedCommand),
  },
  { additionalProperties: false, description: 'all that decides the events of a run' },
);
/** All that decides the events of a run. */
export type RunSpec = Static<typeof RunSpec>;
