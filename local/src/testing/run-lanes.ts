import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ROOT } from '../paths.ts';
import { CHECKS, runChecks } from './checks.ts';
import { heading } from './heading.ts';
import { type NodeTestRun, runNodeTests } from './node-tests.ts';
import { runPluginTests } from './plugin-tests.ts';
import type { Lanes, Phase } from './test-files.ts';

/** What came of a lane. */
export interface Outcome {
  /** What failed, in words. */
  readonly failed: readonly string[];
  readonly runs: readonly Pick<NodeTestRun, 'counts' | 'times'>[];
}

const isEmpty = ({ files }: Phase) => files.length === 0;

/** Runs the test files with servers, and shows what they report as it happens. */
export async function runWithServers(
  { busiest, besideBusiest, others }: Lanes,
  testEnv: NodeJS.ProcessEnv,
): Promise<Outcome> {
  if ([busiest, besideBusiest, others].every(isEmpty)) return { failed: [], runs: [] };
  heading('tests with servers');
  const run = (phase: Phase) => runNodeTests(ROOT, phase, testEnv, process.stdout);
  const first = run(busiest);
  const runs = await Promise.all([first, run(besideBusiest), first.then(() => run(others))]);
  return { failed: runs.every(({ ok }) => ok) ? [] : ['tests with servers'], runs };
}

/**
 * Runs the checks, then the tests without servers, then those of the plugin. What they report is shown when each has ended,
 * or as it happens when nothing runs beside them.
 * @param everything whether checks and plugin belong to the run
 */
export async function runWithoutServers(
  { busiest, others, withoutServers }: Lanes,
  everything: boolean,
  { env, testEnv }: { env: NodeJS.ProcessEnv; testEnv: NodeJS.ProcessEnv },
): Promise<Outcome> {
  const failed: string[] = [];
  const show = (title: string, said: string) => {
    heading(title);
    process.stdout.write(said);
  };
  if (everything)
    failed.push(...(await runChecks(CHECKS, ROOT, env, ({ title }, said) => show(title, said))));
  const title = 'tests without servers';
  const run = await ([busiest, others].every(isEmpty) ? runAlone(withoutServers) : runBeside(withoutServers));
  if (!run.ok) failed.push(title);
  if (!everything) return { failed, runs: [run] };
  const plugin = await runPluginTests(ROOT, env);
  show('tests of the plugin', plugin.said);
  if (!plugin.ok) failed.push('tests of the plugin');
  return { failed, runs: [run, { counts: plugin.counts, times: [] }] };

  async function runAlone(phase: Phase): Promise<NodeTestRun> {
    heading(title);
    return runNodeTests(ROOT, phase, testEnv, process.stdout);
  }
  async function runBeside(phase: Phase): Promise<NodeTestRun> {
    if (isEmpty(phase)) return runNodeTests(ROOT, phase, testEnv, process.stdout);
    const report = new PassThrough();
    const reported = text(report);
    const run = await runNodeTests(ROOT, phase, testEnv, report);
    report.end();
    show(title, await reported);
    return run;
  }
}
