import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { PROGRAMS, type ProgramRun, runProgram } from '../support/pipeline/programs.ts';
import { isoFile } from '../support/retail/files.ts';
import { retailRows } from '../support/retail/rows.ts';
import type { TestServers } from '../support/servers.ts';

/** Nobody listens on port 1, and the loopback address refuses at once. */
const NOWHERE = '127.0.0.1:1';
const NO_KAFKA = /Kafka at 127\.0\.0\.1:1 can't be used: .+ KAFKA_BROKERS names its address/;
const NO_MONGO = /MongoDB can't be used: .+ MONGODB_URI names its address/;

interface Refusal {
  readonly title: string;
  readonly program: keyof typeof PROGRAMS;
  readonly args?: readonly string[];
  /** Added to the settings of a pipeline that works. */
  readonly settings: Readonly<Record<string, string>>;
  readonly says: RegExp;
  /** Lines of the message. @default 1 */
  readonly lines?: number;
}

/** Starts programs that can't work, all at once, and returns the tests of what they said. */
export async function runRefusals(servers: TestServers): Promise<(t: TestContext) => Promise<void>> {
  const { settings, onStop } = servers.pipeline('refusals');
  const file = join(servers.folder, 'unsent.csv');
  await writeFile(file, isoFile(retailRows(1)));
  const refusals = await Promise.all(
    refusalsOf(file).map(async (refusal) => {
      const { program, args = [], settings: change } = refusal;
      const port = { [`${program.toUpperCase()}_PORT`]: '0' };
      const run = await runProgram(PROGRAMS[program], args, { ...settings, ...port, ...change }, onStop);
      return { ...refusal, run };
    }),
  );
  return async (t) => {
    for (const { title, run, says, lines } of refusals)
      await t.test(title, () => assertRefusal(run, says, lines));
  };
}

function refusalsOf(file: string): Refusal[] {
  const kafka = { KAFKA_BROKERS: NOWHERE };
  const mongo = { MONGODB_URI: `mongodb://${NOWHERE}/?replicaSet=rs0` };
  const faulty = (['processor', 'exporter', 'simulator'] as const).map((program): Refusal => {
    const port = `${program.toUpperCase()}_PORT`;
    return {
      title: `the ${program} names all its faulty settings at once`,
      program,
      settings: { LOG_LEVEL: 'loud', [port]: '99999' },
      says: new RegExp(`${port}: "99999".+LOG_LEVEL: "loud"`, 's'),
      lines: 3,
    };
  });
  return [
    {
      title: 'the processor names a Kafka that is away',
      program: 'processor',
      settings: kafka,
      says: NO_KAFKA,
    },
    {
      title: 'the processor names a MongoDB that is away',
      program: 'processor',
      settings: mongo,
      says: NO_MONGO,
    },
    {
      title: 'the simulator names a Kafka that is away',
      program: 'simulator',
      settings: kafka,
      says: NO_KAFKA,
    },
    {
      title: 'the simulator is not opened to other machines without a key',
      program: 'simulator',
      settings: { SIMULATOR_HOST: '0.0.0.0' },
      says: /SIMULATOR_HOST 0\.0\.0\.0 can be reached from other machines: set SIMULATOR_API_KEY \(or/,
    },
    {
      title: 'the replay names a Kafka that is away',
      program: 'replay',
      args: ['--file', file],
      settings: kafka,
      says: NO_KAFKA,
    },
    ...faulty,
  ];
}

/** The program has failed with one message for people, and has shown nothing of its inside. */
export function assertRefusal({ status, stderr }: ProgramRun, says: RegExp, lines = 1): void {
  assert.ok(status !== null && status > 0, `exit status ${status}`);
  assert.match(stderr, says);
  assert.equal(stderr.trim().split('\n').length, lines, stderr);
}
