import { existsSync, readFileSync, rmSync } from 'node:fs';
import { type ArchiverStep, runArchiver } from '@storepulse/archiver/run';
import { ARCHIVE_ORDER_FILE, ARCHIVE_ORDER_SIGNAL, type ArchiveOrder } from './orders.ts';

/** The archiver as it is, but that it ends without a word where an order says, and that its keeper looks for work often. */
const file = process.env[ARCHIVE_ORDER_FILE]!;
let order: ArchiveOrder | undefined;
let passages = 0;

const take = () => {
  order = JSON.parse(readFileSync(file, 'utf8')) as ArchiveOrder;
  passages = 0;
};
process.on(ARCHIVE_ORDER_SIGNAL, take);
// One that was given before the start is for what a start does.
if (existsSync(file)) take();

function pass(step: ArchiverStep): void {
  if (order?.step !== step) return;
  passages += 1;
  if (passages < order.passage) return;
  rmSync(file);
  process.kill(process.pid, 'SIGKILL');
  // A signal is taken a moment after it was sent: nothing may happen in between.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
}

await runArchiver({ onStep: pass, roundMs: 100, leaseMs: 500 });
