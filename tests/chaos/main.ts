import { createTerminal } from '@storepulse/local/screen/terminal';
import { Command, InvalidArgumentError } from 'commander';
import { RESULTS_FILE, writeResult } from './result.ts';
import type { Row } from './row.ts';
import { ROWS } from './rows.ts';
import { runRow } from './run-row.ts';

const IDS = ROWS.map(({ id }) => id);

const command = new Command('test:chaos')
  .description(
    'Lets faults happen to real processes and servers, and holds what is shown against what must be',
  )
  .option('--rows <ids>', 'only these rows, e.g. R1,R2; all by default', parseRows)
  .option('--repeats <number>', 'so many repeats of each instead of the full number', parseRepeats)
  .option('--out <file>', 'writes the results there instead of docs/reference/chaos.json')
  .addHelpText(
    'after',
    () => `\nRows (repeats):\n${ROWS.map(describe).join('\n')}\n
Each row starts a Kafka and a MongoDB of its own on free ports; its result replaces the row's earlier one.
Afterwards, npm run docs brings docs/reference/guarantees.md up to date.
Exit status: 0 every row holds · 1 one does not`,
  )
  .action(runRows);

function describe({ id, what, repeats }: Row): string {
  return `  ${id.padEnd(4)}${what} (${repeats.toLocaleString('en')})`;
}

function parseRows(text: string): Row[] {
  return text.split(',').map((id) => {
    const row = ROWS.find((known) => known.id.toLowerCase() === id.trim().toLowerCase());
    if (!row) throw new InvalidArgumentError(`"${id}" is no row. Rows: ${IDS.join(', ')}.`);
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

async function runRows(options: { rows?: Row[]; repeats?: number; out?: string }): Promise<void> {
  const terminal = createTerminal(process.stdout);
  for (const row of options.rows ?? ROWS) {
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

await command.parseAsync();
