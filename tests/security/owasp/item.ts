import type { AttackKeys } from '../support/keys.ts';
import type { Parts } from '../support/parts.ts';

/** What is attacked: parts that ask for keys, and keys of every kind. */
export interface Target extends Pick<Parts, 'apps' | 'kafka'> {
  readonly keys: AttackKeys;
}

/** One attack. It throws when it gets through. */
export interface Trial {
  readonly what: string;
  run(): Promise<void>;
}

/** An item of the OWASP API Security Top 10 of 2023. */
export interface Item {
  readonly id: string;
  readonly name: string;
  trials(target: Target): AsyncIterable<Trial> | Iterable<Trial>;
}
