import { type Static, Type } from 'typebox';
import { DURATION_PATTERN } from '../duration.ts';
import { FaultShares } from '../faults/faults.ts';
import type { PlainBreakdown } from '../ledger/plain-book.ts';
import { LoadProfile, MAX_RATE } from '../load/profile.ts';
import { TimedCommand } from '../run/commands.ts';
import { RunShop, RunSpec } from '../run/run-spec.ts';
import { ScenarioName } from '../scenarios/scenarios.ts';

const closed = { additionalProperties: false };

/** Answer of every route that steers. */
export const Status = Type.Object(
  {
    state: Type.Union([Type.Literal('running'), Type.Literal('paused'), Type.Literal('stopped')]),
    profile: LoadProfile,
    requestedRate: Type.Number({ description: 'arrivals per second that are asked for now' }),
    achievedRate: Type.Number({
      description: 'events per second that were stored over the last ten seconds',
    }),
    sent: Type.Integer({ description: 'events stored since the start of the run' }),
    queued: Type.Integer({ description: 'events that are due and not stored yet' }),
    shed: Type.Integer({ description: 'arrivals that were left out, since Kafka did not keep up' }),
    waiting: Type.Integer({ description: 'visits under way and things that will happen later' }),
    madeUntil: Type.Union([Type.Number(), Type.Null()], {
      description: 'event time that has been reached, epoch ms',
    }),
    faults: FaultShares,
    scenarios: Type.Array(ScenarioName),
    seed: Type.String({ description: 'give it as SIMULATOR_SEED to draw the same chances again' }),
    shops: Type.Array(Type.String()),
  },
  { description: 'what the simulator is doing' },
);
/** Answer of every route that steers. */
export type Status = Static<typeof Status>;

/** Body of `PUT /v1/rate`. */
export const RateBody = Type.Object(
  { rate: Type.Number({ minimum: 0, maximum: MAX_RATE, description: 'events per second' }) },
  closed,
);

/** Body of `POST /v1/scenarios/:name`. */
export const ScenarioBody = Type.Object(
  {
    for: Type.Optional(
      Type.String({
        pattern: DURATION_PATTERN,
        description: 'how long, such as 10m; until ended when left out',
      }),
    ),
  },
  closed,
);
/** Path of `/v1/scenarios/:name`. */
export const ScenarioPath = Type.Object({ name: ScenarioName });

/** Body of `POST /v1/run`: what is left out is as in the run before. */
export const RunBody = Type.Union([
  Type.Object(
    {
      seed: Type.Optional(
        Type.String({ minLength: 1, maxLength: 64, description: 'a new one when left out' }),
      ),
      shops: Type.Optional(Type.Array(RunShop, { minItems: 1, maxItems: 100 })),
      profile: Type.Optional(LoadProfile),
      from: Type.Optional(
        Type.String({
          pattern: `^-${DURATION_PATTERN.slice(1)}`,
          description: 'begin so long ago, such as -30d: history is made first, then it goes on live',
        }),
      ),
    },
    { ...closed, title: 'a new run' },
  ),
  Type.Object({ again: RunSpec }, { ...closed, title: 'a recorded run once more, from GET /v1/timeline' }),
]);
/** Body of `POST /v1/run`. */
export type RunBody = Static<typeof RunBody>;

/** Query of `GET /v1/timeline/recent`. */
export const RecentQuery = Type.Object(
  { limit: Type.String({ pattern: '^[1-9][0-9]{0,2}$', default: '50', description: 'how many, 1 to 999' }) },
  closed,
);
/** Query of `GET /v1/timeline/recent`. */
export type RecentQuery = Static<typeof RecentQuery>;

/** Answer of `GET /v1/timeline/recent`. */
export const RecentCommands = Type.Object({
  count: Type.Integer({ description: 'commands of the whole timeline' }),
  commands: Type.Array(TimedCommand, {
    description: 'the last of them, the newest first; some may be yet to come',
  }),
});
/** Answer of `GET /v1/timeline/recent`. */
export type RecentCommands = Static<typeof RecentCommands>;

/** Query of `GET /v1/ledger`. */
export const LedgerQuery = Type.Object({ shop: Type.String() }, closed);

/** Not checked when it is sent: it is large, and made from what is checked by its own type. */
const breakdown = (description: string) =>
  Type.Unsafe<PlainBreakdown>({
    description: `${description}: names of labels (country|device) → labels (GB|mobile) → metric → a sum, the different ids, pairs of a value and how often it occurred, or what was told last`,
  });

/** Answer of `GET /v1/ledger`. */
export const LedgerAnswer = Type.Object({
  run: Type.String({ description: 'name of the run' }),
  shop: Type.String(),
  seq: Type.Integer({ description: 'records that the run has made for the topic sim-ledger so far' }),
  sums: Type.Record(Type.String(), Type.Record(Type.String(), Type.Record(Type.String(), Type.Number())), {
    description: 'over the whole run: metric → dimension → value → sum; money in minor units',
  }),
  distinct: Type.Record(Type.String(), Type.Union([Type.Integer(), Type.Null()]), {
    description: 'ids over the whole run: metric → how many; null where there were too many to keep',
  }),
  fates: Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer()), {
    description: 'topic → what a correct reader makes of a record → how many',
  }),
  pending: Type.Array(
    Type.Object({
      start: Type.Integer({ description: 'epoch ms' }),
      length: Type.Integer({ description: 'ms' }),
      main: breakdown('what was counted, every thing once'),
      further: breakdown('the same things under other labels'),
    }),
    { description: 'windows, as far as they are in none of those records yet' },
  ),
});
/** Answer of `GET /v1/ledger`. */
export type LedgerAnswer = Static<typeof LedgerAnswer>;
