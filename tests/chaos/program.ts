import { createTerminal } from '@storepulse/local/screen/terminal';
import { Command, InvalidArgumentError } from 'commander';
import { MATRIX } from './matrix.ts';
import { RESULTS_FILE, writeResult } from './result.ts';
import type { Row } from './row.ts';
import { runRow } from './run-row.ts';

const IDS = MATRIX.map(({ id }) => id);

/** What a command runs. */
export interface MatrixProgram {
  /** Its name after `npm run`. */
  readonly name: string;
  readonly description: string;
  /** Rows of `MATRIX`. */
  readonly rows: readonly Row[];
}

/** Runs rows as the command line asks for, and writes down what came of them. */
export async function runMatrix({ name, description, rows }: MatrixProgram): Promise<void> {
  await new Command(name)
    .description(description)
    .option('--rows <ids>', `only these rows, e.g. ${rows[0]!.id},${rows[1]!.id}; all by default`, (text) =>
      parseRows(text, rows),
    )
    .option('--repeats <number>', 'so many repeats of each instead of the full number', parseRepeats)
    .option('--out <file>', 'writes the results there instead of docs/reference/chaos.json')
    .addHelpText(
      'after',
      () => `\nRows (repeats):\n${rows.map(describe).join('\n')}\n
A row that needs Kafka or MongoDB starts its own on free ports; its result replaces the row's earlier one.
Afterwards, npm run docs brings docs/reference/guarantees.md up to date.
Exit status: 0 every row holds · 1 one does not`,
    )
    .action((options: RunOptions) => runRows({ ...options, rows: options.rows ?? rows }))
    .parseAsync();
}

/** What was asked for. */
interface RunOptions {
  readonly rows?: readonly Row[];
  readonly repeats?: number;
  readonly out?: string;
}

function describe({ id, what, repeats }: Row): string {
  return `  ${id.padEnd(4)}${what} (${repeats.toLocaleString('en')})`;
}

function parseRows(text: string, rows: readonly Row[]): Row[] {
  const ids = rows.map(({ id }) => id).join(', ');
  return text.split(',').map((id) => {
    const row = rows.find((known) => known.id.toLowerCase() === id.trim().toLowerCase());
    if (!row) throw new InvalidArgumentError(`"${id}" is no row. Rows: ${ids}.`);
    return row;
  });
}

function parseRepeats(text: string): number {
  const repeats = Number(text);
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new InvalidArgumentError('A whole number of at least 1 is asked for.');
  }
  return repeats;
}

async function runRows(options: RunOptions & Required<Pick<RunOptions, 'rows'>>): Promise<void> {
  const terminal = createTerminal(process.stdout);
  for (const row of options.rows) {
    const repeats = options.repeats ?? row.repeats;
    let done = 0;
    const show = () => terminal.live(`  ${row.id} · ${row.what} · ${done} of ${repeats}`);
    show();
    const { outcome, result } = await runRow(row, repeats, (failure) => {
      done += 1;
      if (failure) terminal.warn(failure);
      show();
    });
    terminal.live('');
    const recovery =
      result.worstRecoveryMs === undefined
        ? ''
        : `, worst recovery ${(result.worstRecoveryMs / 1_000).toFixed(1)} s`;
    const line = `${row.id} ${row.what}: ${result.passed} of ${result.repeats}${recovery}, lost ${result.lost}, double ${result.double}`;
    if (result.holds) terminal.done(line, result.seconds);
    else {
      terminal.warn(line);
      for (const failure of outcome.failures) terminal.note(failure);
      process.exitCode = 1;
    }
    await writeResult(options.out ?? RESULTS_FILE, row.id, result, IDS);
  }
}
