/** How long a server may be silent, or work may lie, before something is wrong. */
export const PATIENCE_MS = 8_000;

/** A server that work hangs on. */
export type Server = 'Kafka' | 'MongoDB';

/** Notices that something has come to a stop: it judges by what happened, not by what did not fail. */
export interface Watchdog {
  /** A server has answered. */
  answered(server: Server): void;
  /** Work went on. */
  moved(): void;
  /** Work lies there, or none does. */
  waits(work: boolean): void;
  /** What is wrong, one sentence each; none when all is well. */
  complaints(): string[];
}

/**
 * Builds a watchdog; the time begins to count now.
 * @param what names the work in its sentences, e.g. `facts/0`
 * @param servers those that must answer
 */
export function createWatchdog(what: string, servers: readonly Server[], now: () => number): Watchdog {
  const answeredAt = new Map(servers.map((server) => [server, now()]));
  let movedAt = now();
  let waiting = false;
  const sinceSeconds = (at: number) => Math.round((now() - at) / 1_000);
  return {
    answered: (server) => {
      answeredAt.set(server, now());
    },
    moved: () => {
      movedAt = now();
    },
    waits: (work) => {
      if (work && !waiting) movedAt = now();
      waiting = work;
    },
    complaints: () => [
      ...[...answeredAt]
        .filter(([, at]) => now() - at > PATIENCE_MS)
        .map(([server, at]) => `${what}: ${server} has not answered for ${sinceSeconds(at)} s`),
      ...(waiting && now() - movedAt > PATIENCE_MS
        ? [`${what}: nothing has moved for ${sinceSeconds(movedAt)} s although there is lag`]
        : []),
    ],
  };
}
