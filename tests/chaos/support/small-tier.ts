import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { machineClock } from '../../support/clock.ts';
import { startTestServers, useServers } from '../../support/servers.ts';
import { MATRIX } from '../matrix.ts';
import { holds } from '../row.ts';
import { startOnce } from './start-once.ts';

/** Runs rows at their small numbers of repeats, as subtests, on one pair of servers. */
export async function smallTier(t: TestContext, ids: readonly string[]): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const servers = startOnce(stack, useServers);
  const ownServers = startOnce(stack, startTestServers);
  for (const row of MATRIX.filter(({ id, small }) => ids.includes(id) && small > 0)) {
    await t.test(`${row.id} ${row.what}: ${row.figure}`, async (t) => {
      const outcome = await row.run({
        name: `small-${row.id.toLowerCase()}`,
        servers,
        ownServers,
        clock: machineClock,
        cluster: () => Promise.reject(new Error('a row on a cluster is left to the whole matrix')),
        repeats: row.small,
        onRepeat: () => undefined,
      });
      const { failures, ...figures } = outcome;
      t.diagnostic(JSON.stringify(figures));
      assert.ok(holds(outcome), failures.join('\n'));
    });
  }
}
