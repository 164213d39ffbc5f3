import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeptOutput, execute } from './execute.ts';

const node = (script: string, output = createKeptOutput()) =>
  execute(process.execPath, ['--eval', script], '.', process.env, output);

test('what commands write is kept, in their order, with what is written between them', async () => {
  const output = createKeptOutput();
  output.line('first');
  await node("console.log('second'); console.error('third')", output);
  output.line('fourth');
  assert.deepEqual(output.text.trimEnd().split('\n').sort(), ['first', 'fourth', 'second', 'third']);
  assert.ok(output.text.startsWith('first\n') && output.text.endsWith('fourth\n'));
});

test('the exit status is that of the command; without one it is 1', async () => {
  assert.equal(await node('process.exit(3)'), 3);
  assert.equal(await node("process.kill(process.pid, 'SIGKILL')"), 1);
  assert.equal(await execute('no-such-command', [], '.', process.env, createKeptOutput()), 1);
});
