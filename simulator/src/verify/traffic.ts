import { setTimeout } from 'node:timers/promises';
import type { ControlClient } from '../cli/control-client.ts';
import { SimulatorError } from '../errors.ts';
import type { Status } from '../http/schemas.ts';

const LOOK_EVERY_MS = 200;
const STUCK_MS = 60_000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** Exit status of a program that a signal has ended. */
const INTERRUPTED = 130;

/**
 * Pauses the traffic, does something once all that was made is stored, and resumes it, whatever came of that. Traffic
 * that was paused or stopped before stays so.
 * @param onProgress told how many events are due and not stored yet
 * @throws {SimulatorError} `not-drained` when Kafka takes nothing for a minute; what the work throws
 */
export async function atRest<T>(
  client: ControlClient,
  onProgress: (left: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { state } = await client.request<Status>('GET', '/v1/status');
  const resume = async () => {
    if (state === 'running') await client.request('POST', '/v1/resume');
  };
  /** Whoever ends the comparison does not mean the traffic. */
  const onSignal = () => {
    void resume().finally(() => process.exit(INTERRUPTED));
  };
  for (const signal of SIGNALS) process.once(signal, onSignal);
  if (state === 'running') await client.request('POST', '/v1/pause');
  try {
    await untilStored(client, onProgress);
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    await resume();
  }
}

/** A pause holds from the present on: history that is still to be made is made first. */
async function untilStored(client: ControlClient, onProgress: (left: number) => void): Promise<void> {
  let sentBefore = -1;
  let movedAt = Date.now();
  for (;;) {
    const { state, queued, sent } = await client.request<Status>('GET', '/v1/status');
    onProgress(queued);
    if (state !== 'running' && queued === 0) return;
    if (sent !== sentBefore) movedAt = Date.now();
    else if (Date.now() - movedAt > STUCK_MS) {
      throw new SimulatorError(
        'not-drained',
        `The simulator has stored nothing for a minute, with ${queued} events due.`,
      );
    }
    sentBefore = sent;
    await setTimeout(LOOK_EVERY_MS);
  }
}
