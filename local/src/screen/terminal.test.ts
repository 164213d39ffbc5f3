import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTerminal } from './terminal.ts';

/** A stream that keeps what is written to it. */
function fakeStream(isTTY: boolean) {
  const written: string[] = [];
  const stream = {
    isTTY,
    columns: 20,
    write: (text: string) => written.push(text),
  } as unknown as NodeJS.WriteStream;
  return { stream, text: () => written.join('') };
}

test('a file gets neither colours nor a live line', () => {
  const { stream, text } = fakeStream(false);
  const terminal = createTerminal(stream);
  terminal.live('42 events/s');
  terminal.done('kafka', 1.25);
  terminal.warn('gone');
  assert.equal(text(), '  ✓ kafka  1.3 s\n  ✗ gone\n');
});

test('a live line stays below what is printed, and never wraps', () => {
  const { stream, text } = fakeStream(true);
  const terminal = createTerminal(stream);
  terminal.live('a line that is longer than the terminal');
  terminal.print('news');
  const [before, after] = text().split('news\n') as [string, string];
  assert.match(before, /a line that is long/);
  assert.match(after, /a line that is long/);
  assert.doesNotMatch(text(), /a line that is longer than/);
});
