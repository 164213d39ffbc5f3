import { type Static, Type } from 'typebox';
import { FaultShares } from '../faults/faults.ts';
import { LoadProfile, MAX_RATE } from '../load/profile.ts';
import { ScenarioName } from '../scenarios/scenarios.ts';

const closed = { additionalProperties: false };
const Count = Type.Integer({ minimum: 1 });

/** Something that steers a run. */
export const Command = Type.Union([
  Type.Object(
    { command: Type.Literal('rate'), rate: Type.Number({ minimum: 0, maximum: MAX_RATE }) },
    closed,
  ),
  Type.Object({ command: Type.Literal('profile'), profile: LoadProfile }, closed),
  Type.Object({ command: Type.Literal('pause') }, closed),
  Type.Object({ command: Type.Literal('resume') }, closed),
  Type.Object({ command: Type.Literal('stop') }, closed),
  Type.Object({ command: Type.Literal('faults'), faults: FaultShares }, closed),
  Type.Object({ command: Type.Literal('scenario-start'), scenario: ScenarioName }, closed),
  Type.Object(
    {
      command: Type.Literal('scenario-end'),
      scenario: ScenarioName,
      begun: Type.Optional(
        Type.Number({
          description: 'only if it was begun last at this event time: a later beginning goes on',
        }),
      ),
    },
    closed,
  ),
  Type.Object(
    { command: Type.Literal('shed'), count: Count },
    { ...closed, description: 'so many arrivals are left out, since Kafka did not keep up' },
  ),
]);
/** Something that steers a run. */
export type Command = Static<typeof Command>;

/** A command and the event time from which it holds, epoch ms. */
export const TimedCommand = Type.Object({ at: Type.Number(), command: Command }, closed);
/** A command and the event time from which it holds. */
export type TimedCommand = Static<typeof TimedCommand>;

/** Puts a command into a list that is in the order of time, after those of the same time. */
export function insertByTime(list: TimedCommand[], timed: TimedCommand): void {
  const later = list.findIndex(({ at }) => at > timed.at);
  if (later === -1) list.push(timed);
  else list.splice(later, 0, timed);
}
