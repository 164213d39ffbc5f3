import { join } from 'node:path';
import { LocalError, messageOf } from '../errors.ts';
import { findGo, runGo } from '../packaging/build-backend.ts';
import { ROOT } from '../paths.ts';
import { run } from '../programs/run.ts';

const PLUGIN = join(ROOT, 'grafana-plugin');
const TEST = 'tests/grafana-backend/backend.test.ts';
const TEST_TIMEOUT_MS = 300_000;

/**
 * `npm run test:backend`: the backend's form, its own tests, and the test that asks it over Grafana's protocol. Modules of Go
 * are fetched where they are not here yet; `npm test` fetches none.
 * @throws {LocalError} `program_missing` without Go, `build_failed` with what a step says
 */
export async function backendTest(env: NodeJS.ProcessEnv): Promise<void> {
  const found = await findGo(PLUGIN, false);
  if ('missing' in found)
    throw new LocalError('program_missing', `The backend can't be tested: ${found.missing}.`);
  const steps: readonly [string, () => Promise<string>][] = [
    ['its checksums', () => runGo(found.go, PLUGIN, ['mod', 'verify'])],
    ['what Go finds in it', () => runGo(found.go, PLUGIN, ['vet', './pkg/...'])],
    ['its own tests', () => runGo(found.go, PLUGIN, ['test', './pkg/...'])],
    [
      'what Grafana’s server does with it',
      () => run(process.execPath, ['--test', TEST], { cwd: ROOT, env, timeoutMs: TEST_TIMEOUT_MS }),
    ],
  ];
  for (const [what, step] of steps) {
    try {
      await step();
      console.log(`ok  ${what}`);
    } catch (error) {
      throw new LocalError('build_failed', `The backend fails: ${what}: ${messageOf(error)}`);
    }
  }
}
