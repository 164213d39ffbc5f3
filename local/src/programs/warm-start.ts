import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What one node of Kafka has left behind for others: they start with half the CPU time, and have what their first clients need. */
export interface WarmStart {
  /** The classes that it had loaded, as Java maps them into memory. */
  readonly classes: string;
  /** `bootstrap.checkpoint` of a formatted folder: what formatting writes beside the folder's own `meta.properties`. */
  readonly checkpoint: string;
}

/** Raised when more or other is kept: what was made before is not found then. */
const FORM = 2;

/** The files of a warm start in their folder. */
export const warmStartIn = (folder: string): WarmStart => ({
  classes: join(folder, 'classes.jsa'),
  checkpoint: join(folder, 'bootstrap.checkpoint'),
});

/**
 * Where the warm start of a Java and a Kafka is kept, made or not: its name tells both, since Java takes no classes of others.
 * @param java the program
 * @param libs the folder of Kafka's jars
 */
export function warmStartFolder(java: string, libs: string, cacheFolder: string): string {
  const program = realpathSync(java);
  const runtime = join(dirname(dirname(program)), 'lib', 'modules');
  const jars = readdirSync(libs)
    .sort()
    .map((name) => join(libs, name));
  const hash = createHash('sha256').update(`${FORM}\n`);
  for (const file of [program, runtime, ...jars].filter(existsSync)) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return join(cacheFolder, `kafka-warm-start-${hash.digest('hex').slice(0, 16)}`);
}

/** What was made earlier of just this Java and this Kafka; undefined without it. Like `warmStartFolder` otherwise. */
export function findWarmStart(java: string, libs: string, cacheFolder: string): WarmStart | undefined {
  const folder = warmStartFolder(java, libs, cacheFolder);
  return existsSync(folder) ? warmStartIn(folder) : undefined;
}
