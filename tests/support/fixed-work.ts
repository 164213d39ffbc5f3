import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';

/** About 20 ms of a core of the reference machine. */
const ROUNDS = 12_000_000;
/** A piece takes a fiftieth of the time, so that measuring changes little of what is measured. */
const BETWEEN_MS = 980;

/** A fixed piece of work that no compiler can leave out. */
function work(): number {
  let state = 1;
  for (let round = 0; round < ROUNDS; round++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
}

/** Tells its parent how many ms each piece took, until it is ended. The first piece is left out: it is compiled. */
work();
for (;;) {
  const began = performance.now();
  work();
  parentPort!.postMessage(performance.now() - began);
  await sleep(BETWEEN_MS);
}
