import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startPart, startServers } from '@storepulse/local';
import { ROOT } from '@storepulse/local/paths';
import { runNode } from '../support/pipeline/programs.ts';

test('npm run rebuild with nothing running starts the local servers for as long as it takes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-rebuild-'));
  try {
    const servers = await startServers({ dataDir: folder, shortLived: true });
    const settings = { KAFKA_BROKERS: servers.kafkaBrokers, MONGODB_URI: servers.mongoUri };
    try {
      await (await startPart('processor', settings, folder)).stop();
    } finally {
      await servers.stop();
    }
    const { status, stdout, stderr } = await runNode([join(ROOT, 'local/src/cli.ts'), 'rebuild'], {
      STOREPULSE_DATA: folder,
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^orders +1 +the beginning$/m);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
