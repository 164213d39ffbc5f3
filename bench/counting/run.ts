import { parseArgs } from 'node:util';
import { catalog, mergeSessions, type SessionState, sessionOf, type VisitEvent } from '@storepulse/contracts';
import { emptyDelta, windowOf } from '@storepulse/processor/aggregate/delta';
import { compilePlan } from '@storepulse/processor/aggregate/plan';
import { createRunIds } from '@storepulse/simulator/traffic/run-ids';
import { createTrafficStream } from '@storepulse/simulator/traffic/stream';
import { createShopWorld } from '@storepulse/simulator/world/shop-world';

const HELP = `Usage: npx node bench/counting/run.ts [options]

Measures what the catalogue's own code costs: adding simulated events, and the visits they make, to windows in memory,
by all metrics and dimensions of the product. No server, no decoding, nothing is stored.

  --events N   simulated events (default 200000)
  --rounds N   how often they are counted; the least of the rounds is told too (default 7)
  --help
`;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '7' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const ORIGIN = Date.UTC(2026, 0, 5, 9);
/** So many events in a window of 10 seconds; what is counted is put aside as often as a commit would. */
const GAP_MS = 20;
const PER_COMMIT = 5_000;

const worlds = [createShopWorld({ shop: 'bench', market: 'gb' }, ORIGIN)];
const stream = createTrafficStream({
  seed: 'bench',
  worlds,
  ids: createRunIds('bench', ORIGIN),
  origin: ORIGIN,
});
const events = Array.from({ length: Number(values.events) }, (_, n) => stream.next(ORIGIN + n * GAP_MS));

const costs = Array.from({ length: Number(values.rounds) }, count);
const microseconds = (cost: number) => Number(((cost / events.length) * 1e6).toFixed(2));
console.table([
  {
    events: events.length,
    'CPU µs per event, median': microseconds(costs.toSorted((a, b) => a - b)[costs.length >> 1]!),
    least: microseconds(Math.min(...costs)),
  },
]);

/** @returns CPU seconds */
function count(): number {
  const plan = compilePlan(catalog);
  const visits = new Map<string, SessionState>();
  const began = process.cpuUsage();
  let delta = emptyDelta();
  for (const [n, event] of events.entries()) {
    if (n % PER_COMMIT === 0) delta = emptyDelta();
    plan.addEvent.get(event.type)?.(windowOf(delta, event.shop, event.eventTime), event);
    if (!('sessionId' in event) || event.sessionId === null) continue;
    const told = sessionOf(event as VisitEvent);
    const before = visits.get(event.sessionId);
    const after = before ? mergeSessions(before, told) : told;
    visits.set(event.sessionId, after);
    if (before) plan.addSession(windowOf(delta, before.shop, before.firstTime), before, -1);
    plan.addSession(windowOf(delta, after.shop, after.firstTime), after, 1);
  }
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}
