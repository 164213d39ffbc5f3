import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServers } from '../support/servers.ts';
import { holds } from './row.ts';
import { ROWS } from './rows.ts';

test('the small tier of the matrix of faults', async (t) => {
  await using servers = await startTestServers();
  for (const row of ROWS.filter(({ small }) => small > 0)) {
    await t.test(`${row.id} ${row.what}: ${row.figure}`, async (t) => {
      const outcome = await row.run({
        name: `small-${row.id.toLowerCase()}`,
        servers: async () => servers,
        repeats: row.small,
        onRepeat: () => undefined,
      });
      const { failures, ...figures } = outcome;
      t.diagnostic(JSON.stringify(figures));
      assert.ok(holds(outcome), failures.join('\n'));
    });
  }
});
