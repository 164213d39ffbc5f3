import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../bootstrap/lock.mjs';
import { LocalError, messageOf } from '../errors.ts';
import type { Progress, ProgressTask } from './progress.ts';

/** One way to get a program that the machine lacks. */
export interface Source {
  /** In a reader's words, e.g. "the Maven client". */
  name: string;
  /** Name of its folder in the cache; carries the version. */
  folder: string;
  /** Puts the program into the empty folder `into`. Every step of it is bounded in time. */
  fetch(into: string, task: ProgressTask): Promise<void>;
}

/** How one program is found or fetched. `T` is what its user needs to run it. */
export interface Recipe<T> {
  /** Its name for a reader, e.g. "MongoDB". */
  title: string;
  /** The environment variable that names it. */
  variable: string;
  /** The program at the path that `variable` gives; undefined when there is none that fits. */
  named(path: string): Promise<T | undefined>;
  /** The program that the machine has already. */
  onMachine(): Promise<T | undefined>;
  /** The program in a folder that a source has filled. */
  inFolder(folder: string): T | undefined;
  /** Tried in this order. */
  sources: Source[];
  /** What to install by hand, as half a sentence: "install Java 17 or newer". */
  advice: string;
}

/** Where a program came from. */
export type Origin = 'environment' | 'machine' | 'cache' | 'fetched';

/** A program that can be run now. */
export interface Found<T> {
  program: T;
  origin: Origin;
}

/** What finding depends on. */
export interface FindOptions {
  environment: Readonly<Record<string, string | undefined>>;
  /** Folder that everything fetched goes to. */
  cacheFolder: string;
  progress: Progress;
}

/**
 * Finds a program in this order: named in the environment, on the machine, in the cache; else
 * fetches it into the cache, from the first source that has it. One process fetches at a time.
 * @throws {LocalError} `program_unusable` when the environment names what can't be used;
 * `program_missing` with what was tried and what to do
 */
export async function findProgram<T>(recipe: Recipe<T>, options: FindOptions): Promise<Found<T>> {
  const path = options.environment[recipe.variable];
  if (path) {
    const program = await recipe.named(path);
    if (program === undefined) {
      throw new LocalError(
        'program_unusable',
        `${recipe.variable} is "${path}", where no usable ${recipe.title} is. Correct it or unset it.`,
      );
    }
    return { program, origin: 'environment' };
  }
  const onMachine = await recipe.onMachine();
  if (onMachine !== undefined) return { program: onMachine, origin: 'machine' };
  const cached = findCached(recipe, options.cacheFolder);
  if (cached !== undefined) return { program: cached, origin: 'cache' };
  // Programs that come together, such as Prometheus and promtool, are fetched into one folder: one lock for them.
  const lock = join(options.cacheFolder, `${recipe.sources[0]?.folder ?? recipe.title.toLowerCase()}.lock`);
  return withLock(lock, () => fetchProgram(recipe, options));
}

function findCached<T>(recipe: Recipe<T>, cacheFolder: string): T | undefined {
  for (const { folder } of recipe.sources) {
    const whole = join(cacheFolder, folder);
    const program = existsSync(whole) ? recipe.inFolder(whole) : undefined;
    if (program !== undefined) return program;
  }
  return undefined;
}

async function fetchProgram<T>(recipe: Recipe<T>, { cacheFolder, progress }: FindOptions): Promise<Found<T>> {
  // Another process may have fetched it while this one waited for the lock.
  const cached = findCached(recipe, cacheFolder);
  if (cached !== undefined) return { program: cached, origin: 'cache' };
  const task = progress.begin(recipe.title);
  const failures: string[] = [];
  try {
    for (const source of recipe.sources) {
      task.note(source.name);
      try {
        return { program: await fetchFrom(source, recipe, cacheFolder, task), origin: 'fetched' };
      } catch (error) {
        failures.push(`${source.name}: ${messageOf(error)}`);
      }
    }
  } finally {
    task.end();
  }
  throw missing(recipe, failures);
}

/** Fetches into a folder aside and renames it, so that the cache never holds half a program. */
async function fetchFrom<T>(
  source: Source,
  recipe: Recipe<T>,
  cacheFolder: string,
  task: ProgressTask,
): Promise<T> {
  await mkdir(cacheFolder, { recursive: true });
  const aside = await mkdtemp(join(cacheFolder, '.fetching-'));
  try {
    await source.fetch(aside, task);
    if (recipe.inFolder(aside) === undefined) throw new Error('what it gave does not hold the program');
    const whole = join(cacheFolder, source.folder);
    await rm(whole, { recursive: true, force: true });
    await rename(aside, whole);
    return recipe.inFolder(whole)!;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function missing(recipe: Recipe<unknown>, failures: string[]): LocalError {
  const tried = failures.length > 0 ? failures : ['nothing: there is no source of it for this platform'];
  return new LocalError(
    'program_missing',
    [
      `${recipe.title} is not on this machine and could not be fetched. Tried:`,
      ...tried.map((failure) => `  - ${failure}`),
      `What to do: ${recipe.advice}, or set ${recipe.variable} to it, and start again.`,
    ].join('\n'),
  );
}
