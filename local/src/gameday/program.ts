import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from '@storepulse/simulator/scenarios/scenarios';
import { Argument, Command } from 'commander';
import { SCENARIO_ALERTS } from './scenario-alerts.ts';

/** What `npm run gameday` is told by its arguments. */
export interface GameDayOptions {
  scenarios: ScenarioName[];
  /** File that the outcomes are written to. */
  out: string | undefined;
}

/** The lines of `--list`: each scenario, what it does, and the alert that it raises. */
export function listScenarios(): string {
  return SCENARIO_NAMES.map(
    (name) => `  ${name.padEnd(16)} ${SCENARIO_ALERTS[name].alert.padEnd(18)} ${SCENARIOS[name].effect}`,
  ).join('\n');
}

/** The command line of `npm run gameday`. */
export function gameDayProgram(parts: {
  write: (text: string) => void;
  play: (options: GameDayOptions) => Promise<void>;
}): Command {
  const command = new Command('gameday')
    .description('Lets something go wrong in the simulated shop, and waits for the alert and for its end')
    .addArgument(
      new Argument('[scenario...]', 'what goes wrong, one after the other').choices(SCENARIO_NAMES),
    )
    .option('--all', 'every scenario, one after the other', false)
    .option('--list', 'the scenarios and their alerts', false)
    .option('--out <file>', 'writes what came of it there, as JSON')
    .addHelpText(
      'after',
      () => `
Scenarios, their alerts, and what they do:
${listScenarios()}

It needs a running stack with Prometheus, traffic enough for its time scale, and no alert that fires already:
  SIMULATOR_RATE=500 npm start -- --with prometheus,alertmanager --time-scale 30

Exit status: 0 each scenario raised its alert and no other, and it ended · 1 one did not`,
    )
    .action((names: ScenarioName[], options: { all: boolean; list: boolean; out?: string }) => {
      if (options.list) return parts.write(listScenarios());
      const scenarios = options.all ? [...SCENARIO_NAMES] : names;
      if (scenarios.length === 0)
        command.error('error: name a scenario, or use --all. They are listed by --list');
      return parts.play({ scenarios, out: options.out });
    });
  return command;
}
