import { generateMersenne32Randomizer } from '@faker-js/faker';
import { hash64 } from '@storepulse/contracts';

/** A seeded stream of random draws: the same seed gives the same draws, everywhere. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A uniform whole number, both ends included. */
  integer(min: number, max: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Exponential with the given mean. */
  exponential(mean: number): number;
  /** Log-normal by its median and the standard deviation of its logarithm. */
  logNormal(median: number, sigma: number): number;
  /** Any of the items, all alike. */
  pick<T>(items: readonly T[]): T;
}

/** A stream of its own for every text: one seed with different endings gives independent streams. */
export function createRandom(seed: string): Random {
  const halves = new Uint32Array(2);
  hash64(seed, halves);
  const source = generateMersenne32Randomizer();
  source.seed([...halves]);
  const next = () => source.next();
  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    exponential: (mean) => -mean * Math.log(1 - next()),
    // Box–Muller; its second value is thrown away so that every draw takes the same two numbers.
    logNormal: (median, sigma) =>
      median * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
    pick: (items) => items[Math.floor(next() * items.length)]!,
  };
}
