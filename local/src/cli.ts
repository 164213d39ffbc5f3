import { SettingsError } from '@storepulse/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { TestOptions } from './commands/test.ts';
import { LocalError } from './errors.ts';
import { EXTRAS, type Extra } from './monitoring/members.ts';
import { LARGEST_SCALE, PRODUCTION, readTimeScale, type TimeScale } from './monitoring/scale-rules.ts';
import { OWN_OPTIONS_COMMANDS } from './own-options-commands.ts';
import { PLATFORMS, type Platform } from './packaging/build-backend.ts';
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
    async ({
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
      const { start } = await import('./commands/start.ts');
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
  .action(async () => (await import('./commands/stop.ts')).stop(process.env));

program
  .command('status')
  .summary('show what runs where, and how it is')
  .description('Shows parts, addresses, health and lag. Exit status 0 when everything is ready.')
  .option('--json', 'as one JSON document', false)
  .action(async (options: { json: boolean }) =>
    (await import('./commands/status.ts')).status(process.env, options),
  );

program
  .command('reset')
  .summary('remove the stored data')
  .description(
    'Removes the events, metrics and logs of the local servers, after asking. Refuses while the stack runs.',
  )
  .option('--yes', 'without asking', false)
  .action(async (options: { yes: boolean }) =>
    (await import('./commands/reset.ts')).reset(process.env, options),
  );

program
  .command('plugin-package')
  .summary('make the archive of the Grafana data source')
  .description(
    'Builds the data source, checks what Grafana asks of a plugin, and writes the archive into grafana-plugin/package/. With Go on this machine it compiles the backend too, which alert rules of Grafana need.',
  )
  .option(
    '--backend <platforms>',
    `what to compile the backend for, comma-separated, or none: ${PLATFORMS.join(', ')}`,
    parsePlatforms,
    [...PLATFORMS],
  )
  .action(async ({ backend }: { backend: Platform[] }) =>
    (await import('./commands/plugin-package.ts')).pluginPackage(backend),
  );

function parsePlatforms(text: string): Platform[] {
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !PLATFORMS.includes(name as Platform));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(
      `there is no "${unknown.join('", "')}": use none, or ${PLATFORMS.join(',')}.`,
    );
  }
  return names as Platform[];
}

program
  .command('plugin-compatibility')
  .summary('compare the Grafana data source with versions of Grafana')
  .description(
    'Compares what the data source uses of Grafana’s packages with what other versions have. Fetches those.',
  )
  .action(async () => (await import('./commands/plugin-compatibility.ts')).pluginCompatibility());

program
  .command('backend-test')
  .summary('compile and test the backend of the Grafana data source')
  .description(
    'Fetches what the backend is made of, checks and tests it, and asks it as Grafana’s server does. Needs Go.',
  )
  .action(async () => (await import('./commands/backend-test.ts')).backendTest(process.env));

program
  .command('test')
  .summary('run all checks and tests')
  .description(
    'Runs linters, type checks and all tests; with a pattern only the test files whose path contains it.',
  )
  .argument('[pattern]', 'part of a path, e.g. processor/')
  .option('--fast', 'only what needs neither a server nor a browser', false)
  .option('--watch', 'run the files of the pattern again whenever one of their sources changes', false)
  .action(async (pattern: string | undefined, options: TestOptions) =>
    (await import('./commands/test.ts')).test(process.env, pattern, options),
  );

for (const { name, script, summary, description, load } of OWN_OPTIONS_COMMANDS) {
  program
    .command(name)
    .summary(summary)
    .description(`${description} Its own options: npm run ${script} -- --help`)
    .helpOption(false)
    .allowUnknownOption()
    .argument('[options...]')
    .action(async (args: string[]) => (await load())(process.env, args));
}

try {
  await program.parseAsync();
} catch (error) {
  // A user's mistake needs no stack trace; a fault of ours does.
  if (!(error instanceof LocalError || error instanceof SettingsError)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
