import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './run.ts';

const node = (script: string, timeoutMs = 20_000) => run(process.execPath, ['--eval', script], { timeoutMs });

test('the output of a command is what it printed', async () => {
  assert.equal(await node('console.log("one"); console.log("two")'), 'one\ntwo');
});

test('a command that fails is quoted with the line that tells why', async () => {
  await assert.rejects(
    node(
      'console.error("working"); console.error("ERROR: no such package"); console.error("bye"); process.exit(1)',
    ),
    {
      message: /failed: ERROR: no such package$/,
    },
  );
});

test('a command that hangs is given up', async () => {
  await assert.rejects(node('setInterval(() => {}, 1000)', 200), /was not done after 0\.2 s/);
});

test('a command that does not exist is named', async () => {
  await assert.rejects(
    run('/no/such/command', [], { timeoutMs: 1000 }),
    /"\/no\/such\/command" can't be run/,
  );
});
