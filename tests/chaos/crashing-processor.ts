import { readFileSync, rmSync } from 'node:fs';
import { runProcessor } from '@storepulse/processor/operate/run';
import { type CrashPoint, ORDER_FILE, ORDER_SIGNAL, type Order } from './crash-points.ts';
import { portsWithPoints } from './ports-with-points.ts';

/** The processor as it is, but for connections that end or stop the process where an order says. */
const file = process.env[ORDER_FILE]!;
let order: Order | undefined;
let passages = 0;

process.on(ORDER_SIGNAL, () => {
  order = JSON.parse(readFileSync(file, 'utf8')) as Order;
  passages = 0;
});

function pass(point: CrashPoint): void {
  if (order?.point !== point) return;
  passages += 1;
  if (passages < order.passage) return;
  const { signal } = order;
  order = undefined;
  rmSync(file);
  process.kill(process.pid, signal);
  // A signal is taken a moment after it was sent: nothing may happen in between.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
}

await runProcessor(portsWithPoints(pass));
