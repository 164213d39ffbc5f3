import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { type Archive, fetchArchive } from './archive.ts';

let folder: string;
let server: Server;
let base: string;
let into: string;
let archive: Buffer;
let checksum: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'storepulse-archive-'));
  mkdirSync(join(folder, 'thing-1.0', 'bin'), { recursive: true });
  writeFileSync(join(folder, 'thing-1.0', 'bin', 'thing'), 'the program');
  execFileSync('tar', ['-czf', join(folder, 'thing.tgz'), '-C', folder, 'thing-1.0']);
  archive = readFileSync(join(folder, 'thing.tgz'));
  server = createServer((request, response) => {
    if (request.url === '/thing.tgz') response.end(archive);
    else if (request.url === '/thing.tgz.sha256') response.end(checksum);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  into = mkdtempSync(join(folder, 'into-'));
  checksum = `${createHash('sha256').update(archive).digest('hex')}  thing.tgz\n`;
});

const at = (path: string): Archive => ({
  url: `${base}${path}`,
  checksum: { url: `${base}${path}.sha256`, algorithm: 'sha256' },
});

function recordingTask() {
  const fractions: number[] = [];
  return {
    fractions,
    update: (fraction: number) => void fractions.push(fraction),
    note: () => undefined,
    end: () => undefined,
  };
}

test('an archive is unpacked without its topmost folder, and nothing else is left', async () => {
  const task = recordingTask();
  await fetchArchive(at('/thing.tgz'), into, task);
  assert.equal(readFileSync(join(into, 'bin', 'thing'), 'utf8'), 'the program');
  assert.deepEqual(readdirSync(into), ['bin']);
  assert.equal(task.fractions.at(-1), 1);
});

test('a checksum published in groups of capitals is understood', async () => {
  const digest = createHash('sha256').update(archive).digest('hex').toUpperCase();
  checksum = `thing.tgz: ${digest.match(/.{8}/g)!.join(' ')}\n`;
  await fetchArchive(at('/thing.tgz'), into, recordingTask());
  assert.deepEqual(readdirSync(into), ['bin']);
});

test('an archive that differs from its checksum is refused', async () => {
  checksum = `${'0'.repeat(64)}  thing.tgz\n`;
  await assert.rejects(
    fetchArchive(at('/thing.tgz'), into, recordingTask()),
    /thing\.tgz does not have its published checksum/,
  );
});

test('a host that does not have it is named with its answer', async () => {
  await assert.rejects(
    fetchArchive(at('/other.tgz'), into, recordingTask()),
    /other\.tgz\.sha256 answered 404/,
  );
});
