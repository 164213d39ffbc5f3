import { SCENARIO_ALERTS } from '@storepulse/local/gameday/scenario-alerts';
import { SCENARIO_NAMES, SCENARIOS } from '@storepulse/simulator/scenarios/scenarios';
import { GAME_DAY_FILE, readGameDayResult } from '../../tests/gameday/result.ts';
import { code, page, table } from './markdown.ts';

/** Which alert each scenario raises, and after how long it did so last. */
export async function gameDay(): Promise<string> {
  const result = await readGameDayResult(GAME_DAY_FILE);
  if (!result) throw new Error('docs/reference/game-day.json is missing: npm run test:gameday');
  const { scale, rate, quiet, scenarios, versions } = result;
  const seconds = (value: number | null | undefined) =>
    value === undefined ? 'not played' : value === null ? 'never' : `${value} s`;
  const rows = SCENARIO_NAMES.map((name) => {
    const { alert, follows } = SCENARIO_ALERTS[name];
    const played = scenarios[name]?.alert === alert ? scenarios[name] : undefined;
    return [
      code(name),
      SCENARIOS[name].effect,
      `[${alert}](../runbooks/${alert}.md)`,
      follows.join(' '),
      seconds(played?.firedAfter),
      seconds(played?.resolvedAfter),
      played?.others.join(' ') ?? '',
      played?.date.slice(0, 10) ?? '',
    ];
  });
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return page(
    'Game day',
    '`local/src/gameday/scenario-alerts.ts` and `docs/reference/game-day.json`',
    'Which alert each scenario of the simulator raises. [How to play them](../how-to/game-day.md). `npm run test:gameday` plays all in a stack of its own, with a real Prometheus and a real Alertmanager: each must raise its alert and no other, and a quiet hour none.',
    table(
      [
        'scenario',
        'what happens',
        'alert',
        'may follow, held back',
        'fired after',
        'quiet after its end',
        'told besides',
        'played',
      ],
      rows,
    ),
    `Measured on a time scale of ${scale} with ${rate} events per second (${programs.join(', ')}). On that scale an hour is ${quiet.seconds} s; alerts in a quiet one: ${quiet.fired.length === 0 ? 'none' : quiet.fired.join(', ')}.`,
  );
}
