import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { freePorts } from './free-ports.ts';
import { findPortHolder, isPortFree } from './port-holder.ts';

test('a port that nobody listens on is free and has no holder', async () => {
  const [port] = (await freePorts(1)) as [number];
  assert.equal(await isPortFree(port), true);
  assert.equal(findPortHolder(port), undefined);
});

test('the holder of a taken port is named with its pid and command', async () => {
  const script =
    "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
  const child = spawn(process.execPath, ['--eval', script, 'a-marker']);
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(line.toString());
    assert.equal(await isPortFree(port), false);
    const holder = findPortHolder(port);
    assert.equal(holder?.pid, child.pid);
    assert.match(holder?.command ?? '', /a-marker/);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('free ports differ from each other', async () => {
  const ports = await freePorts(20);
  assert.equal(new Set(ports).size, 20);
});

test('a process that asks for ports again and again is warned of nothing, and gives all of them back at its end', async () => {
  const script = `
    import { freePorts } from '${new URL('./free-ports.ts', import.meta.url).href}';
    const ports = [];
    for (let n = 0; n < 15; n++) ports.push(...(await freePorts(1)));
    console.log(JSON.stringify(ports));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  assert.equal(err, '');
  const ports = JSON.parse(out) as number[];
  assert.equal(ports.length, 15);
  for (const port of ports) assert.equal(existsSync(join(tmpdir(), 'storepulse-ports', String(port))), false);
});
