import { setImmediate } from 'node:timers/promises';

/** After so long, whatever else the process has to do has its turn. */
const TURN_MS = 20;

/** Begins work of many small steps; what is returned waits between them, once a turn has lasted long enough. */
export function takingTurns(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < TURN_MS) return;
    await setImmediate();
    began = performance.now();
  };
}
