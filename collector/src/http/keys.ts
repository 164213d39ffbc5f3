import { createHash, timingSafeEqual } from 'node:crypto';

/** A key and what it is called in metrics and logs. */
export interface NamedKey {
  readonly name: string;
  readonly key: string;
}

/** Reads the setting `COLLECTOR_API_KEYS`, whose form its schema has checked. */
export function parseKeys(text: string): readonly NamedKey[] {
  return text
    .trim()
    .split(/[,\s]+/)
    .map((entry) => {
      const colon = entry.indexOf(':');
      return { name: entry.slice(0, colon), key: entry.slice(colon + 1) };
    });
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Finds the key of an `Authorization` header. Each key is compared in constant time, and all of them always are: how
 * long it takes tells nothing of a key.
 * @returns the name of the key; undefined: it is none of them
 */
export function createKeyCheck(
  keys: readonly NamedKey[],
): (authorization: string | undefined) => string | undefined {
  const known = keys.map(({ name, key }) => ({ name, expected: digest(`Bearer ${key}`) }));
  return (authorization = '') => {
    const given = digest(authorization);
    let found: string | undefined;
    for (const { name, expected } of known) if (timingSafeEqual(given, expected)) found = name;
    return found;
  };
}
