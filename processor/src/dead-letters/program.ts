import { Command } from 'commander';
import { ProcessorError } from '../errors.ts';
import type { Kafka } from '../kafka/port.ts';
import { formatLetter, formatList, formatReplay, wholeLetter } from './format.ts';
import { positionOf } from './letter.ts';
import { listLetters } from './list.ts';
import { type Filters, type Position, parseCount, parsePosition, withFilters } from './options.ts';
import { rangesOf, readLetter, wholeTopic } from './read.ts';
import { type ReplaySummary, replayLetters } from './replay.ts';
import type { Selection } from './selection.ts';

/** What the command line needs. */
export interface ProgramParts {
  /** Connects: called once a command is known to be sound. */
  readonly connect: () => Kafka;
  readonly write: (text: string) => void;
  /** Asks yes or no; undefined where nobody can be asked, which counts as yes. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Epoch ms. */
  readonly now: () => number;
}

const DEFAULT_LIMIT = 50;

interface ReplayOptions extends Filters {
  readonly at?: readonly Position[];
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

/** The command line over the topic `dead-letter`. */
export function createProgram({ connect, write, confirm, now }: ProgramParts): Command {
  const json = (value: unknown) => write(JSON.stringify(value, null, 2));

  const replay = async ({ at, all, dryRun, yes, json: asJson, ...filters }: ReplayOptions) => {
    if (!all && !at && Object.keys(filters).length === 0) {
      throw new ProcessorError(
        'NOTHING_SELECTED',
        'Say what to replay: --reason, --topic, --since or --at, or --all for every dead letter.',
      );
    }
    const kafka = connect();
    const selection: Selection = { ...filters, ...(at ? { positions: new Set(at.map(positionOf)) } : {}) };
    // Fixed before anything is sent: what comes back as a new dead letter must not be replayed again.
    const ranges = await (at ? rangesOf(kafka, at) : wholeTopic(kafka));
    const report = (summary: ReplaySummary, done: boolean) =>
      asJson ? json({ done, ...summary }) : write(formatReplay(summary, done));
    const asks = confirm && !yes && !asJson;
    if (dryRun || asks) {
      const plan = await replayLetters(kafka, ranges, selection, true);
      report(plan, false);
      if (dryRun || Object.keys(plan.replayed).length === 0 || !(await confirm!('Replay them?'))) return;
    }
    report(await replayLetters(kafka, ranges, selection, false), true);
  };

  const program = new Command('dead-letters')
    .description('Looks at the records that could not be counted, and puts them back')
    .addHelpText(
      'after',
      `
Kafka is that of the running stack, or the one that KAFKA_BROKERS names.

Examples:
  dead-letters list --reason unknown-shop --since 2h
  dead-letters show 2:17
  dead-letters replay --reason unknown-shop --dry-run
  dead-letters replay --at 2:17 --at 2:18`,
    );
  withFilters(program.command('list'), now)
    .description('lists dead letters, the latest first, and counts them by reason')
    .option('--limit <n>', 'how many are listed; all are counted', parseCount, DEFAULT_LIMIT)
    .option('--json', 'answers as JSON', false)
    .action(async ({ limit, json: asJson, ...filters }: Filters & { limit: number; json: boolean }) => {
      const list = await listLetters(connect(), filters, limit);
      if (asJson) json(list);
      else write(formatList(list));
    });
  program
    .command('show')
    .description('shows one dead letter whole; it may hold personal data')
    .argument('<partition:offset>', 'which, as the list names it', parsePosition)
    .option('--hex', 'its value in hexadecimal; what is no text is shown so anyway', false)
    .option('--json', 'answers as JSON, its value as base64', false)
    .action(async (at: Position, options: { hex: boolean; json: boolean }) => {
      const letter = await readLetter(connect(), at);
      if (options.json) json(wholeLetter(letter));
      else write(formatLetter(letter, options.hex));
    });
  withFilters(program.command('replay'), now)
    .description('puts records back where they were; what is still bad becomes a new dead letter')
    .option(
      '--at <partition:offset>',
      'this letter; may be repeated',
      (text: string, before: readonly Position[] = []) => [...before, parsePosition(text)],
    )
    .option('--all', 'every dead letter', false)
    .option('--dry-run', 'only says what it would do', false)
    .option('--yes', 'without asking; where there is no terminal, nothing is asked', false)
    .option('--json', 'answers as JSON, without asking', false)
    .action(replay);
  return program;
}
