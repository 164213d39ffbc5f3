import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import type { ServiceSpec } from '../processes/service.ts';
import { cacheFolder } from '../programs/cache-folder.ts';
import { bundledArguments } from './bundle.ts';
import type { Part } from './stack.ts';

const READY_TIMEOUT_MS = 1000;

/**
 * A part as a service: its `main` in one file, ready when the address at which it says so answers 200.
 * @param environment the part's whole environment; `<NAME>_PORT` must be in it
 */
export function partService(part: Part, environment: NodeJS.ProcessEnv): ServiceSpec {
  const ready = `${partUrl(part, environment)}${part.startedPath ?? '/-/ready'}`;
  return {
    name: part.name,
    async launch() {
      return {
        command: process.execPath,
        args: await bundledArguments(ROOT, part.main),
        // A part that is started again finds its sources compiled.
        env: { NODE_COMPILE_CACHE: join(cacheFolder(environment), 'compiled'), ...environment },
      };
    },
    async isReady() {
      const response = await fetch(ready, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
      await response.body?.cancel();
      return response.ok;
    },
    startTimeoutMs: 60_000,
    stopGraceMs: 2000,
  };
}

/** Where a part listens, from its environment. */
export function partUrl(part: Part, environment: Readonly<Record<string, string | undefined>>): string {
  const prefix = part.name.toUpperCase();
  const host = environment[`${prefix}_HOST`] || '127.0.0.1';
  const port = environment[`${prefix}_PORT`] || part.port;
  // A part that listens on every address is reached over the loopback one.
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
}
