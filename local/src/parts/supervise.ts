import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import { lastLines } from '../processes/last-lines.ts';
import type { Exit, Service } from '../processes/service.ts';

/** How a part that dies is brought back. */
export interface RestartPolicy {
  /** The first pause, in ms; it doubles with every quick death. */
  firstDelayMs: number;
  maxDelayMs: number;
  /** A part that lived this long, in ms, begins anew with the first pause. */
  healthyAfterMs: number;
  /** This many quick deaths in a row are the last. */
  maxQuickDeaths: number;
}

/** Half a second at first, 8 s at most; given up after 6 deaths within 30 s of a start. */
export const RESTART_POLICY: RestartPolicy = {
  firstDelayMs: 500,
  maxDelayMs: 8000,
  healthyAfterMs: 30_000,
  maxQuickDeaths: 6,
};

/** What the watcher of a supervised part is told. */
export interface SuperviseEvents {
  restarting(reason: string, delayMs: number): void;
  restarted(): void;
  /** It is not brought back any more; `lines` are the last of its log. */
  gaveUp(reason: string, lines: string[]): void;
}

/**
 * Brings a service back whenever it dies, with growing pauses, until `signal` is aborted or it has
 * died too often in a row. Call it when the service is up.
 */
export function supervise(
  service: Service,
  policy: RestartPolicy,
  events: SuperviseEvents,
  signal: AbortSignal,
): void {
  let quickDeaths = 0;
  let upSince = Date.now();

  async function revive(reason: string, livedMs: number): Promise<void> {
    quickDeaths = livedMs > policy.healthyAfterMs ? 1 : quickDeaths + 1;
    if (quickDeaths > policy.maxQuickDeaths) return events.gaveUp(reason, lastLines(service.logFile, 8));
    const delay = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (quickDeaths - 1));
    events.restarting(reason, delay);
    await sleep(delay, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await service.start();
    } catch (error) {
      return signal.aborted ? undefined : revive(messageOf(error).split('\n')[0]!, 0);
    }
    upSince = Date.now();
    events.restarted();
  }

  service.onUnexpectedExit((exit) => {
    if (!signal.aborted) void revive(describeExit(exit), Date.now() - upSince);
  });
}

function describeExit({ code, signal }: Exit): string {
  return signal ? `it was ended by ${signal}` : `it ended with status ${code}`;
}
