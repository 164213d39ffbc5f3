import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { findWarmStart, warmStartFolder, warmStartIn } from '../programs/warm-start.ts';
import { kafkaService } from './kafka.ts';

let root: string;
let libs: string;
let java: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'storepulse-warm-'));
  libs = join(root, 'libs');
  java = join(root, 'java');
  mkdirSync(libs);
  writeFileSync(java, '#!/bin/sh\necho "error: asked for $*"\nexit 1\n', { mode: 0o755 });
  writeFileSync(join(libs, 'kafka.jar'), 'first');
});
afterEach(() => rmSync(root, { recursive: true }));

/** Puts a warm start where it is looked for, and finds it. */
function warm() {
  const folder = warmStartFolder(java, libs, root);
  mkdirSync(folder);
  writeFileSync(warmStartIn(folder).checkpoint, 'what formatting wrote');
  return findWarmStart(java, libs, root);
}

const propertiesOf = (name: string) => readFileSync(join(root, name, 'server.properties'), 'utf8');
const nodeIn = (name: string, shortLived: boolean) =>
  kafkaService({
    find: async () => ({ java, libs, warmStart: warmStartIn(warmStartFolder(java, libs, root)) }),
    folder: join(root, name),
    port: 1,
    controllerPort: 2,
    shortLived,
  });

test('a warm start is found until a jar of Kafka is another', () => {
  assert.equal(findWarmStart(java, libs, root), undefined);
  assert.deepEqual(warm(), warmStartIn(warmStartFolder(java, libs, root)));
  writeFileSync(join(libs, 'kafka.jar'), 'the next release');
  assert.equal(findWarmStart(java, libs, root), undefined);
});

test('nodes that begin from one warm start are clusters of their own, each with the id that it began with', async () => {
  warm();
  const metaOf = async (name: string) => {
    const { args } = await nodeIn(name, true).launch();
    assert.ok(args.some((arg) => arg.startsWith('-XX:SharedArchiveFile=')));
    const log = join(root, name, 'log');
    assert.equal(readFileSync(join(log, 'bootstrap.checkpoint'), 'utf8'), 'what formatting wrote');
    assert.match(propertiesOf(name), /^num\.io\.threads=2$/m);
    return readFileSync(join(log, 'meta.properties'), 'utf8');
  };
  const [one, other] = [await metaOf('one'), await metaOf('other')];
  const id = /^version=1\ncluster\.id=([\w-]{22})\nnode\.id=1\ndirectory\.id=([\w-]{22})\n$/;
  assert.match(one, id);
  assert.match(other, id);
  for (const place of [1, 2]) assert.notEqual(id.exec(one)![place], id.exec(other)![place]);
  assert.equal(await metaOf('one'), one);
});

test('a node that stays for long is formatted by Kafka itself', async () => {
  warm();
  await assert.rejects(nodeIn('lasting', false).launch(), /asked for .* kafka\.tools\.StorageTool format/);
  assert.doesNotMatch(propertiesOf('lasting'), /threads/, 'it has as many as Kafka gives it');
});
