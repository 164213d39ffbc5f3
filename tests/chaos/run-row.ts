import { wallClock } from '../support/clock.ts';
import { startTestCluster } from '../support/cluster.ts';
import { startTestServers } from '../support/servers.ts';
import type { RowResult } from './result.ts';
import { holds, type Outcome, type Row, type RowContext } from './row.ts';
import { startOnce } from './support/start-once.ts';
import { versionsOf } from './versions.ts';

/** Runs a row, on servers of its own if it asks for any. */
export async function runRow(
  row: Row,
  repeats: number,
  onRepeat: RowContext['onRepeat'],
): Promise<{ outcome: Outcome; result: RowResult }> {
  const began = performance.now();
  await using stack = new AsyncDisposableStack();
  const servers = startOnce(stack, startTestServers);
  const cluster = startOnce(stack, startTestCluster);
  const outcome = await row
    .run({
      name: row.id.toLowerCase(),
      servers,
      ownServers: servers,
      cluster,
      clock: wallClock,
      repeats,
      onRepeat,
    })
    .catch((error: unknown): Outcome => {
      // What was seen until then is not known to be right: the row does not hold.
      const nothing = { repeats, passed: 0, lost: 0, double: 0, figures: {} };
      return { ...nothing, failures: [error instanceof Error ? error.message : String(error)] };
    });
  const mongoUri = (await servers.started)?.mongoUri ?? (await cluster.started)?.mongo.uri;
  const versions = await versionsOf(mongoUri);
  const { failures: _failures, ...figures } = outcome;
  return {
    outcome,
    result: {
      what: row.what,
      figure: row.figure,
      holds: holds(outcome),
      ...figures,
      seconds: Math.round((performance.now() - began) / 1_000),
      date: new Date().toISOString(),
      versions,
    },
  };
}
