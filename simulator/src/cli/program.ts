import { readFileSync, writeFileSync } from 'node:fs';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { DURATION_PATTERN } from '../duration.ts';
import { SimulatorError } from '../errors.ts';
import { FAULT_NAMES, FAULTS, type FaultShares } from '../faults/faults.ts';
import type { Status } from '../http/schemas.ts';
import { type LoadProfile, PROFILE_NAMES } from '../load/profile.ts';
import type { RunSpec } from '../run/run-spec.ts';
import { SCENARIO_NAMES, SCENARIOS } from '../scenarios/scenarios.ts';
import type { ControlClient } from './control-client.ts';
import { formatStatus } from './format-status.ts';

/** What the command line needs: the simulator, a place to write to, and a way to wait. */
export interface ProgramParts {
  readonly client: ControlClient;
  readonly write: (text: string) => void;
  /** Empties the screen for what is written next, where there is a screen. */
  readonly clear: () => void;
  readonly sleep: (ms: number) => Promise<void>;
}

const WATCH_MS = 1_000;

/** The command line that steers a simulator. */
export function createProgram({ client, write, clear, sleep }: ProgramParts): Command {
  const program = new Command('sim')
    .description('Steers the simulator that runs')
    .option('--json', 'answers as JSON')
    .addHelpText(
      'after',
      `
The simulator’s address is SIMULATOR_URL (default http://127.0.0.1:8089), its key SIMULATOR_API_KEY.

Examples:
  sim rate 50                               50 events per second from now on, day and night
  sim profile diurnal --rate 20             the hours and weekdays of the shop
  sim profile spike --rate 50 --peak 1000 --ramp 10s --hold 1m
  sim profile ramping-arrival-rate --rate 10 --stage 5m:200 --stage 2m:10
  sim scenario payment-outage --for 10m
  sim faults --late 0.05 --duplicate 0.02
  sim run --from -30d --rate 2 --profile diurnal`,
    );
  const show = (status: Status) =>
    write(program.opts<{ json?: boolean }>().json ? JSON.stringify(status, null, 2) : formatStatus(status));
  const steer = async (method: 'PUT' | 'POST' | 'DELETE', path: string, body?: object) =>
    show(await client.request<Status>(method, path, body));

  program
    .command('status')
    .description('shows what the simulator is doing')
    .option('--watch', 'every second, until interrupted')
    .action(async ({ watch }: { watch?: boolean }) => {
      do {
        const status = await client.request<Status>('GET', '/v1/status');
        if (watch) clear();
        show(status);
        if (watch) await sleep(WATCH_MS);
      } while (watch);
    });
  program
    .command('rate')
    .description('sets the events per second, from now on')
    .addArgument(new Argument('<rate>', 'events per second').argParser(parseRate))
    .action((rate: number) => steer('PUT', '/v1/rate', { rate }));
  withProfileOptions(
    program
      .command('profile')
      .description('sets how the rate goes, from now on')
      .addArgument(new Argument('<name>').choices(PROFILE_NAMES)),
  ).action((name: LoadProfile['profile'], options: ProfileOptions) =>
    steer('PUT', '/v1/profile', profileOf(name, options)),
  );
  for (const [action, description] of [
    ['pause', 'makes no more events until resumed'],
    ['resume', 'goes on after a pause'],
    ['stop', 'ends the run'],
  ] as const) {
    program
      .command(action)
      .description(description)
      .action(() => steer('POST', `/v1/${action}`));
  }
  program
    .command('scenario')
    .description(
      `begins or ends a scenario:\n${SCENARIO_NAMES.map((name) => `  ${name}: ${SCENARIOS[name].effect}`).join('\n')}`,
    )
    .addArgument(new Argument('<name>').choices(SCENARIO_NAMES))
    .option('--for <duration>', 'end it by itself after so long, such as 10m', parseDurationText)
    .option('--end', 'end it now')
    .action((name: string, options: { for?: string; end?: boolean }) =>
      options.end
        ? steer('DELETE', `/v1/scenarios/${name}`)
        : steer('POST', `/v1/scenarios/${name}`, options.for ? { for: options.for } : {}),
    );
  const faults = program
    .command('faults')
    .description('sets the share of events that each fault befalls; without options there are none');
  for (const name of FAULT_NAMES) {
    faults.addOption(
      new Option(`--${name.replaceAll('_', '-')} <share>`, FAULTS[name]).argParser(parseShare),
    );
  }
  faults.action((options: Record<string, number>) => {
    const shares: FaultShares = {};
    for (const name of FAULT_NAMES) {
      const share = options[name.replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase())];
      if (share !== undefined) shares[name] = share;
    }
    return steer('PUT', '/v1/faults', shares);
  });
  withProfileOptions(
    program
      .command('run')
      .description('ends the run and begins another')
      .option('--from <ago>', 'begin so long ago, such as -30d, then go on live', parseAgo)
      .option('--seed <text>', 'decides all chance')
      .addOption(new Option('--profile <name>', 'how the rate goes').choices(PROFILE_NAMES)),
  ).action((options: ProfileOptions & { from?: string; seed?: string; profile?: LoadProfile['profile'] }) => {
    const { from, seed } = options;
    const name = options.profile ?? (options.rate === undefined ? undefined : 'constant-arrival-rate');
    return steer('POST', '/v1/run', {
      ...(from ? { from } : {}),
      ...(seed ? { seed } : {}),
      ...(name ? { profile: profileOf(name, options) } : {}),
    });
  });
  program
    .command('timeline')
    .description('shows all that decides the events of this run, for `sim again`')
    .option('--save <file>', 'write it to a file')
    .action(async ({ save }: { save?: string }) => {
      const text = JSON.stringify(await client.request<RunSpec>('GET', '/v1/timeline'), null, 2);
      if (save) writeFileSync(save, `${text}\n`);
      else write(text);
    });
  program
    .command('again')
    .description('runs a recorded run once more')
    .argument('<file>', 'what `sim timeline --save` wrote')
    .action((file: string) => steer('POST', '/v1/run', { again: readJson(file) }));
  return program;
}

interface ProfileOptions {
  rate?: number;
  peak?: number;
  ramp?: string;
  hold?: string;
  stage?: { target: number; duration: string }[];
  sessions?: boolean;
}

function withProfileOptions(command: Command): Command {
  return command
    .option(
      '--rate <rate>',
      'arrivals per second; before the first stage, or before and after the spike',
      parseRate,
    )
    .option('--peak <rate>', 'of a spike: arrivals per second at its peak', parseRate)
    .option('--ramp <duration>', 'of a spike: how long the way up takes', parseDurationText)
    .option('--hold <duration>', 'of a spike: how long the peak lasts', parseDurationText)
    .option('--stage <duration:rate>', 'of ramping-arrival-rate, may be repeated: such as 5m:200', parseStage)
    .option('--sessions', 'what arrives are visits, not single events');
}

/** The simulator checks what is missing; only what was given is sent. */
function profileOf(profile: LoadProfile['profile'], options: ProfileOptions): object {
  const { rate, peak, ramp, hold, stage: stages, sessions } = options;
  const rates =
    profile === 'ramping-arrival-rate' ? { startRate: rate ?? 0, stages: stages ?? [] } : { rate };
  const spike = profile === 'spike' ? { peak, ramp, hold } : {};
  return { profile, ...rates, ...spike, ...(sessions ? { unit: 'sessions' } : {}) };
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (text.trim() === '' || !(rate >= 0)) throw new InvalidArgumentError('use a number of at least 0.');
  return rate;
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1))
    throw new InvalidArgumentError('use a number from 0 to 1.');
  return share;
}

function parseDurationText(text: string): string {
  if (!new RegExp(DURATION_PATTERN).test(text)) {
    throw new InvalidArgumentError('use a number and ms, s, m, h or d, such as 10m.');
  }
  return text;
}

function parseAgo(text: string): string {
  if (!new RegExp(`^-${DURATION_PATTERN.slice(1)}`).test(text)) {
    throw new InvalidArgumentError('use - and a number and ms, s, m, h or d, such as -30d.');
  }
  return text;
}

function parseStage(text: string, before: { target: number; duration: string }[] = []) {
  const [duration = '', target = ''] = text.split(':');
  return [...before, { duration: parseDurationText(duration), target: parseRate(target) }];
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SimulatorError(
      'file-unreadable',
      `${file} can't be read as JSON: ${(error as Error).message}.`,
    );
  }
}
