import { readFile, writeFile } from 'node:fs/promises';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const seconds = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });

/** What was measured of the scenarios and their alerts. */
export const GameDayResult = Type.Object({
  scale: Type.Integer({ description: 'time scale of the alerts' }),
  rate: Type.Integer({ description: 'events per second' }),
  quiet: Type.Object({
    seconds: Type.Integer({ description: 'an hour on the time scale' }),
    fired: Type.Array(Type.String(), { description: 'alerts that fired in it' }),
  }),
  versions: Type.Record(Type.String(), Type.String(), { description: 'of what it ran on' }),
  scenarios: Type.Record(
    Type.String(),
    Type.Object({
      alert: Type.String(),
      holds: Type.Boolean({ description: 'its alert fired and ended, and no other one was told' }),
      firedAfter: seconds('from the begin of the scenario to its alert'),
      resolvedAfter: seconds('from the end of the scenario until nothing fired'),
      others: Type.Array(Type.String(), { description: 'alerts that were told and were not to be' }),
      date: Type.String({ description: 'when it was played, ISO 8601' }),
    }),
  ),
});
/** What was measured of the scenarios and their alerts. */
export type GameDayResult = Static<typeof GameDayResult>;

/** Where the result is kept in the checkout. */
export const GAME_DAY_FILE = new URL('../../docs/reference/game-day.json', import.meta.url);

/** Reads the result; undefined when there is no such file. @throws {Error} when it holds something else */
export async function readGameDayResult(file: string | URL): Promise<GameDayResult | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : Value.Parse(GameDayResult, JSON.parse(text));
}

/** Writes a result: its scenarios replace their earlier ones, if those were measured alike. */
export async function writeGameDayResult(file: string | URL, result: GameDayResult): Promise<void> {
  const before = await readGameDayResult(file);
  const isAlike = before?.scale === result.scale && before.rate === result.rate;
  const scenarios = { ...(isAlike ? before.scenarios : {}), ...result.scenarios };
  await writeFile(file, `${JSON.stringify({ ...result, scenarios }, null, 2)}\n`);
}
