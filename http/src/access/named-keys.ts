import { timingSafeEqual } from 'node:crypto';
import { SettingsError } from '@storepulse/contracts';
import { hashOfKey } from './key.ts';

/** A key that a setting names, and what it is called in metrics and logs. */
export interface NamedKey {
  readonly name: string;
  readonly key: string;
}

/** What a setting of keys looks like: `name:key`, separated by commas or white space. */
export const NAMED_KEYS_PATTERN =
  '^\\s*[a-z0-9-]{1,40}:[!-+\\--~]{32,256}([,\\s]+[a-z0-9-]{1,40}:[!-+\\--~]{32,256})*\\s*$';

/**
 * Reads a setting of keys, whose form its schema has checked; none where it is not set.
 * @param setting its name, for the message
 * @throws {SettingsError} when two keys share a name
 */
export function parseKeys(text: string | undefined, setting: string): readonly NamedKey[] {
  if (text === undefined) return [];
  const keys = text
    .trim()
    .split(/[,\s]+/)
    .map((entry) => {
      const colon = entry.indexOf(':');
      return { name: entry.slice(0, colon), key: entry.slice(colon + 1) };
    });
  const names = keys.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new SettingsError(`${setting} names two keys "${twice}"`);
  return keys;
}

/**
 * Finds a key among a few. Each is compared in constant time, and all of them always are: how long it takes tells nothing
 * of a key.
 * @returns finds the name of a key; undefined: it is none of them
 */
export function createKeyCheck(keys: readonly NamedKey[]): (key: string) => string | undefined {
  const known = keys.map(({ name, key }) => ({ name, expected: hashOfKey(key) }));
  return (key) => {
    const given = hashOfKey(key);
    let found: string | undefined;
    for (const { name, expected } of known) if (timingSafeEqual(given, expected)) found = name;
    return found;
  };
}
