import { Command, InvalidArgumentError, Option } from 'commander';
import { isScope, SCOPES, type Scope } from '../access/caller.ts';
import type { Keys, ListedKey } from './keys.ts';
import { readLifetime } from './lifetime.ts';

const lifetime = (text: string): number => {
  const ms = readLifetime(text);
  if (ms === undefined) throw new InvalidArgumentError('use a number and m, h or d, such as 90d.');
  return ms;
};
const scope = (text: string, before: readonly Scope[]): readonly Scope[] => {
  if (isScope(text)) return before.includes(text) ? before : [...before, text];
  throw new InvalidArgumentError(`there are ${Object.keys(SCOPES).join(', ')}.`);
};
const shop = (text: string, before: readonly string[]) =>
  before.includes(text) ? before : [...before, text];

/**
 * The commands of `npm run keys`.
 * @param open opens the folder of keys, when a command needs it
 * @param write prints a line
 */
export function createKeysProgram(open: () => Keys, write: (line: string) => void): Command {
  const program = new Command('keys').description(
    'Makes, lists, replaces and revokes the keys of ACCESS_FOLDER. The exporter, the collector and the simulator know within a second. See docs/how-to/keys-and-access.md.',
  );
  const meanings = Object.entries(SCOPES).map(([name, meaning]) => `${name}: ${meaning}`);
  program
    .command('create')
    .description('Makes a key, and shows it once.')
    .option('--scope <scope>', `what it is good for; may be given again (${meanings.join('; ')})`, scope, [])
    .option('--shop <shop>', 'the shop that it is bound to; may be given again (default: all)', shop, [])
    .option('--name <name>', 'what its owner is called, for the list', 'unnamed')
    .option('--expires <time>', 'how long it is good, such as 90d, 12h or 10m (default: for ever)', lifetime)
    .action(async ({ scope: scopes, shop: shops, name, expires: lastsMs }) => {
      const { key, record } = await open().create({ name, scopes, shops, lastsMs });
      write(`key ${record.id}${until(record.expiresAt)}. It is shown this once:`);
      write(key);
    });
  program
    .command('list')
    .description('Shows the keys, and when each was used last.')
    .addOption(new Option('--json', 'as JSON').default(false))
    .action(async ({ json }) => {
      const keys = await open().list();
      if (json) write(JSON.stringify(keys, null, 2));
      else for (const line of table(keys)) write(line);
    });
  program
    .command('rotate <id>')
    .description('Makes a key in the place of another one, and shows it once.')
    .option(
      '--overlap <time>',
      'how long the old one stays good, such as 1h (default: not at all)',
      lifetime,
      0,
    )
    .action(async (id: string, { overlap }) => {
      const { key, record } = await open().rotate(id, overlap);
      write(`key ${record.id}${until(record.expiresAt)}, in the place of ${id}. It is shown this once:`);
      write(key);
    });
  program
    .command('revoke <id>')
    .description('Makes a key useless, for ever.')
    .action(async (id: string) => {
      const { revokedAt } = await open().revoke(id);
      write(`key ${id} was revoked at ${revokedAt}.`);
    });
  return program;
}

const until = (expiresAt: string | undefined) => (expiresAt === undefined ? '' : `, good until ${expiresAt}`);

function table(keys: readonly ListedKey[]): string[] {
  if (keys.length === 0) return ['There are no keys yet: "create" makes one.'];
  const rows = keys.map(({ id, name, state, scopes, shops, createdAt, expiresAt, lastUsedAt }) => [
    ...[id, name, state, scopes.join(' '), shops?.join(' ') ?? 'all'],
    ...[createdAt, expiresAt ?? 'never', lastUsedAt ?? 'never'].map((time) => time.slice(0, 16)),
  ]);
  const lines = [['ID', 'NAME', 'STATE', 'SCOPES', 'SHOPS', 'CREATED', 'EXPIRES', 'LAST USED'], ...rows];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
