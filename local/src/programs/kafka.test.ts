import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { kafkaRecipe } from './kafka.ts';

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'storepulse-kafka-'));
  for (const version of ['3.9.1', '4.1.1']) {
    mkdirSync(join(home, version, 'libs'), { recursive: true });
    writeFileSync(join(home, version, 'libs', `kafka_2.13-${version}.jar`), '');
  }
});
after(() => rmSync(home, { recursive: true }));

test('a Kafka 4 that the environment names is used', async () => {
  assert.equal(await kafkaRecipe('java').named(join(home, '4.1.1')), join(home, '4.1.1', 'libs'));
});

test('a Kafka 3, and a folder without Kafka, are not', async () => {
  assert.equal(await kafkaRecipe('java').named(join(home, '3.9.1')), undefined);
  assert.equal(await kafkaRecipe('java').named(home), undefined);
});
