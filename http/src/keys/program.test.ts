import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ListedKey } from './keys.ts';
import { openKeys } from './keys.ts';
import { createKeysProgram } from './program.ts';

test('keys are made, listed, replaced and revoked from the command line', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'storepulse-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const run = async (...args: string[]): Promise<string[]> => {
    const lines: string[] = [];
    const program = createKeysProgram(
      () => openKeys(folder, () => Date.UTC(2026, 0, 1), 'tester'),
      (line) => lines.push(line),
    );
    program.exitOverride();
    for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
    await program.parseAsync(args, { from: 'user' });
    return lines;
  };
  assert.deepEqual(await run('list'), ['There are no keys yet: "create" makes one.']);
  const args = [
    '--scope',
    'read',
    '--scope',
    'ingest',
    '--shop',
    'one',
    '--expires',
    '90d',
    '--name',
    'till',
  ];
  const [told, key] = await run('create', ...args);
  assert.match(told!, /^key [0-9a-f]{12}, good until 2026-04-01T00:00:00\.000Z\. It is shown this once:$/);
  const id = key!.split('_')[1]!;
  const [head, row] = await run('list');
  assert.match(head!, /^ID +NAME +STATE +SCOPES +SHOPS +CREATED +EXPIRES +LAST USED$/);
  assert.match(
    row!,
    new RegExp(`^${id}  till  valid  read ingest  one    2026-01-01T00:00  2026-04-01T00:00  never$`),
  );
  const [replaced] = await run('rotate', id);
  assert.match(replaced!, new RegExp(`in the place of ${id}\\. It is shown this once:$`));
  assert.match((await run('revoke', id))[0]!, /was revoked at 2026-01-01/);
  const listed = JSON.parse((await run('list', '--json')).join('\n')) as ListedKey[];
  assert.deepEqual(
    listed.map(({ state }) => state),
    ['revoked', 'valid'],
  );
  await assert.rejects(
    run('create', '--scope', 'write'),
    /there are read, read:personal, ingest, control, admin/,
  );
  await assert.rejects(run('create', '--scope', 'read', '--expires', 'soon'), /such as 90d/);
  await assert.rejects(run('create'), /a key needs a scope: --scope read/);
});
