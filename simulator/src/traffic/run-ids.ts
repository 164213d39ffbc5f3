import { createIds, type Ids } from '../random/ids.ts';
import { createRandom } from '../random/random.ts';

const LENGTH = 6;

/** Tells runs apart: the same seed and start (epoch ms) make the same name, any other seed or start makes another. */
export function runName(seed: string, origin: number): string {
  const random = createRandom(`${seed}|${origin}|run`);
  return Math.floor(random.next() * 36 ** LENGTH)
    .toString(36)
    .padStart(LENGTH, '0');
}

/** The names and event ids of a run. */
export function createRunIds(seed: string, origin: number): Ids {
  return createIds(createRandom(`${seed}|${origin}|ids`), runName(seed, origin));
}
