import { SettingsError } from '@storepulse/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { chaos } from './commands/chaos.ts';
import { deadLetters } from './commands/dead-letters.ts';
import { gameday } from './commands/gameday.ts';
import { gamedayTest } from './commands/gameday-test.ts';
import { images } from './commands/images.ts';
import { keys } from './commands/keys.ts';
import { pluginPackage } from './commands/plugin-package.ts';
import { rebuild } from './commands/rebuild.ts';
import { replay } from './commands/replay.ts';
import { reset } from './commands/reset.ts';
import { security } from './commands/security.ts';
import { sim } from './commands/sim.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { type TestOptions, test } from './commands/test.ts';
import { verify } from './commands/verify.ts';
import { LocalError } from './errors.ts';
import { EXTRAS, type Extra } from './monitoring/members.ts';
import { LARGEST_SCALE, PRODUCTION, readTimeScale, type TimeScale } from './monitoring/scale-rules.ts';
import { OPTIONAL_PARTS, type PartName } from './parts/stack.ts';

const program = new Command('storepulse').description(
  'Runs Storepulse on this machine. Settings come from the environment: see docs/how-to/own-servers.md and docs/reference/programs.md.',
);

program
  .command('start')
  .summary('start everything in the foreground')
  .description(
    'Finds or fetches Kafka and MongoDB, starts the stack with live synthetic traffic, and stops it at Ctrl-C. With --without simulator it waits for the events of a shop of your own.',
  )
  .option(
    '--history <length>',
    'where nothing is stored yet: begin with so much history, such as 90d, or with none (default 30d)',
    parseHistory,
  )
  .addOption(new Option('--without <part...>', 'parts to leave out').choices(OPTIONAL_PARTS).default([]))
  .option(
    '--with <servers>',
    `what to start beside it, comma-separated: ${EXTRAS.join(', ')}`,
    parseExtras,
    [],
  )
  .option(
    '--time-scale <factor>',
    `how many times quicker than in production alerts look and wait, 1 to ${LARGEST_SCALE}, for a game day`,
    parseScale,
    PRODUCTION,
  )
  .action(
    ({
      history,
      without,
      with: extras,
      timeScale: scale,
    }: {
      history?: string;
      without: PartName[];
      with: Extra[];
      timeScale: TimeScale;
    }) => {
      if (scale !== PRODUCTION && !extras.includes('prometheus')) {
        program.error('error: a time scale is that of alerts: add --with prometheus,alertmanager');
      }
      return start(history === undefined ? process.env : { ...process.env, SIMULATOR_BACKFILL: history }, {
        without,
        monitoring: { extras, scale },
      });
    },
  );

function parseExtras(text: string): Extra[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !EXTRAS.includes(name as Extra));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(`there is no "${unknown.join('", "')}": use ${EXTRAS.join(',')}.`);
  }
  if (names.includes('alertmanager') && !names.includes('prometheus')) {
    throw new InvalidArgumentError('Alertmanager is told by Prometheus: use prometheus,alertmanager.');
  }
  return names as Extra[];
}

function parseScale(text: string): TimeScale {
  const scale = readTimeScale(text);
  if (scale === undefined) {
    throw new InvalidArgumentError(`use a whole number from 1 to ${LARGEST_SCALE}.`);
  }
  return scale;
}

/** A length of time, as the setting `SIMULATOR_BACKFILL` has it. */
function parseHistory(text: string): string {
  if (text === 'none') return '0';
  if (!/^\d+(\.\d+)?(ms|s|m|h|d)$/.test(text)) {
    throw new InvalidArgumentError('use none, or a number and ms, s, m, h or d, such as 90d.');
  }
  return text;
}

program
  .command('stop')
  .summary('stop what runs')
  .description('Stops the stack that runs on this data folder, and what a killed one left behind.')
  .action(() => stop(process.env));

program
  .command('status')
  .summary('show what runs where, and how it is')
  .description('Shows parts, addresses, health and lag. Exit status 0 when everything is ready.')
  .option('--json', 'as one JSON document', false)
  .action((options: { json: boolean }) => status(process.env, options));

program
  .command('reset')
  .summary('remove the stored data')
  .description(
    'Removes the events, metrics and logs of the local servers, after asking. Refuses while the stack runs.',
  )
  .option('--yes', 'without asking', false)
  .action((options: { yes: boolean }) => reset(process.env, options));

program
  .command('replay')
  .summary('replay a file of past orders into a shop')
  .description('Runs the replay against the running stack. Its own options: npm run replay -- --help')
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => replay(process.env, args));

program
  .command('sim')
  .summary('steer the synthetic traffic')
  .description(
    'Sets rate, profile, faults and scenarios of the simulator. Its own options: npm run sim -- --help',
  )
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => sim(process.env, args));

program
  .command('gameday')
  .summary('let something go wrong, and wait for its alert')
  .description(
    'Plays scenarios in the running stack and shows which alerts fire. Its own options: npm run gameday -- --help',
  )
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => gameday(process.env, args));

program
  .command('verify')
  .summary('compare what is shown with what must be')
  .description(
    'Compares the running stack with the ledger of its simulator. Its own options: npm run verify -- --help',
  )
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => verify(process.env, args));

program
  .command('dead-letters')
  .summary('look at what could not be counted, and put it back')
  .description(
    'Lists, shows and replays the records of the topic dead-letter. Its own options: npm run dead-letters -- --help',
  )
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => deadLetters(process.env, args));

program
  .command('rebuild')
  .summary('count a metric anew from the log')
  .description(
    'Counts a new or changed metric from the log; other metrics go on. Its own options: npm run rebuild -- --help',
  )
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => rebuild(process.env, args));

program
  .command('keys')
  .summary('manage who may use the parts')
  .description('Makes, lists, replaces and revokes keys. Its own options: npm run keys -- --help')
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => keys(process.env, args));

program
  .command('plugin-package')
  .summary('make the archive of the Grafana data source')
  .description(
    'Builds the data source, checks what Grafana asks of a plugin, and writes the archive into grafana-plugin/package/.',
  )
  .action(() => pluginPackage());

program
  .command('test')
  .summary('run all checks and tests')
  .description(
    'Runs linters, type checks and all tests; with a pattern only the test files whose path contains it.',
  )
  .argument('[pattern]', 'part of a path, e.g. processor/')
  .option('--fast', 'only what needs neither a server nor a browser', false)
  .option('--watch', 'run the files of the pattern again whenever one of their sources changes', false)
  .action((pattern: string | undefined, options: TestOptions) => test(process.env, pattern, options));

program
  .command('chaos')
  .summary('let faults happen, and hold what is shown against what must be')
  .description(
    'Runs the matrix of faults on servers of its own. Its own options: npm run test:chaos -- --help',
  )
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => chaos(process.env, args));

program
  .command('security')
  .summary('attack every HTTP part')
  .description(
    'Runs the rows of security on servers of its own. Its own options: npm run test:security -- --help',
  )
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => security(process.env, args));

program
  .command('gameday-test')
  .summary('play every scenario in a stack of its own')
  .description(
    'Every scenario must raise its alert and no other. Its own options: npm run test:gameday -- --help',
  )
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => gamedayTest(process.env, args));

program
  .command('images')
  .summary('build the container images and run them')
  .description(
    'Builds and runs the images of the compose file without Docker. Its own options: npm run test:images -- --help',
  )
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action((args: string[]) => images(process.env, args));

try {
  await program.parseAsync();
} catch (error) {
  // A user's mistake needs no stack trace; a fault of ours does.
  if (!(error instanceof LocalError || error instanceof SettingsError)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
