import { setTimeout } from 'node:timers/promises';
import {
  defaultScale,
  KafkaSettingsSchema,
  PORTS,
  readSettings,
  SettingsError,
  setting,
} from '@storepulse/contracts';
import { Command, InvalidArgumentError } from 'commander';
import { Type } from 'typebox';
import { createControlClient } from './cli/control-client.ts';
import { parseDuration } from './duration.ts';
import { SimulatorError } from './errors.ts';
import type { LedgerAnswer } from './http/schemas.ts';
import { addPlainCells, type PlainCells } from './ledger/cells.ts';
import type { RunSpec } from './run/run-spec.ts';
import { quietTimerWarnings } from './sink/quiet-timers.ts';
import { runName } from './traffic/run-ids.ts';
import { type Comparison, compareFigures } from './verify/compare.ts';
import { collectRuns, readLedgerTopic } from './verify/earlier-runs.ts';
import { shownFigures } from './verify/shown.ts';
import { MARKETS } from './world/markets.ts';

/** Where the parts are that are compared. */
const AddressSettingsSchema = Type.Object({
  simulator: setting(
    'SIMULATOR_URL',
    Type.String({
      default: `http://127.0.0.1:${PORTS.simulator}`,
      pattern: '^https?://',
      description: 'address of the simulator',
    }),
  ),
  exporter: setting(
    'EXPORTER_URL',
    Type.String({
      default: `http://127.0.0.1:${PORTS.exporter}`,
      pattern: '^https?://',
      description: 'address of the exporter',
    }),
  ),
  apiKey: setting('SIMULATOR_API_KEY', Type.Optional(Type.String({ description: 'key of the simulator' })), {
    secret: true,
  }),
});

const DEFAULT_WAIT_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
const SHOWN_DIFFERENCES = 20;

const command = new Command('verify')
  .description('Compares what the exporter shows with the ledger of the simulator, cell by cell')
  .option('--json', 'prints every cell, as JSON', false)
  .option('--wait <duration>', 'how long figures may take to agree', parseWait, DEFAULT_WAIT_MS)
  .addHelpText(
    'after',
    `
Pauses the traffic, waits until the figures agree (a minute at most), and resumes it.
Sums and counts must be equal; distinct counts may be off by their declared error.
Exit status: 0 all cells agree · 1 some differ, or something can't be reached`,
  )
  .action(verify);

function parseWait(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

async function verify({ json, wait }: { json: boolean; wait: number }): Promise<void> {
  const { simulator, exporter, apiKey } = readSettings(AddressSettingsSchema, process.env);
  const kafka = readSettings(KafkaSettingsSchema, process.env);
  const client = createControlClient(simulator, apiKey);
  const { state } = await client.request<{ state: string }>('GET', '/v1/status');
  if (state === 'running') await client.request('POST', '/v1/pause');
  try {
    const spec = await client.request<RunSpec>('GET', '/v1/timeline');
    const entries = await readLedgerTopic(kafka);
    const cells: (Comparison & { shop: string })[] = [];
    for (const { shop, market } of spec.shops) {
      const { sums, distinct } = await client.request<LedgerAnswer>('GET', `/v1/ledger?shop=${shop}`);
      const earlier = collectRuns(entries, shop, runName(spec.seed, spec.origin));
      if (earlier.unfinished.length > 0) {
        throw new SimulatorError(
          'ledger-incomplete',
          `Run ${earlier.unfinished.join(', ')} of shop ${shop} was ended by force, before its ledger was written: its sums are not known.`,
        );
      }
      const expected = {
        sums: [sums, ...earlier.sums].reduce<PlainCells>(addPlainCells, {}),
        distinct: earlier.runs.length === 0 ? distinct : null,
        scale: defaultScale(MARKETS[market].currency),
      };
      const look = async () => compareFigures({ ...expected, shown: await shownFigures(exporter, shop) });
      for (const cell of await settled(look, wait)) cells.push({ shop, ...cell });
    }
    report(cells, json);
  } finally {
    if (state === 'running') await client.request('POST', '/v1/resume');
  }
}

/** Looks again until all is equal; what differs after `wait` ms does differ. */
async function settled(look: () => Promise<Comparison[]>, wait: number): Promise<Comparison[]> {
  const deadline = Date.now() + wait;
  for (;;) {
    const cells = await look();
    if (cells.every(({ matches }) => matches) || Date.now() > deadline) return cells;
    await setTimeout(LOOK_EVERY_MS);
  }
}

function report(cells: readonly (Comparison & { shop: string })[], json: boolean): void {
  const different = cells.filter(({ matches }) => !matches);
  if (different.length > 0 || cells.length === 0) process.exitCode = 1;
  if (json) {
    console.log(JSON.stringify({ cells, different: different.length }, null, 2));
    return;
  }
  console.log(`${cells.length} cells compared, ${different.length} different`);
  for (const { shop, metric, dimension, value, expected, shown } of different.slice(0, SHOWN_DIFFERENCES)) {
    const difference = +(shown - expected).toFixed(6);
    console.log(
      `  ${shop} ${metric} by ${dimension}=${value}: expected ${expected}, shown ${shown}, difference ${difference}`,
    );
  }
  if (different.length > SHOWN_DIFFERENCES)
    console.log(`  … and ${different.length - SHOWN_DIFFERENCES} more`);
}

quietTimerWarnings();
try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof SimulatorError || error instanceof SettingsError)) throw error;
  console.error(`verify: ${error.message}`);
  process.exitCode = 1;
}
