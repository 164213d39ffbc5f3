import type { StoreEvent } from '@storepulse/contracts';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Runner } from './runner.ts';

/** The simulator's own metrics. */
export interface SimulatorMetrics {
  readonly registry: Registry;
  /** Counts an event that was handed over. */
  countEvent(event: StoreEvent): void;
  /** Counts a failed attempt to store events. */
  countFailure(): void;
  /** Shows a runner's state from now on. */
  watch(runner: Runner): void;
}

/** Makes the metrics in a registry of their own. */
export function createMetrics(): SimulatorMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const events = new Counter({
    name: 'storepulse_simulator_events_total',
    help: 'Events handed over, by type',
    labelNames: ['type'],
    registers,
  });
  const failures = new Counter({
    name: 'storepulse_simulator_send_failures_total',
    help: 'Failed attempts to store events; each is tried again',
    registers,
  });
  return {
    registry,
    countEvent: ({ type }) => events.inc({ type }),
    countFailure: () => failures.inc(),
    watch: (runner) => {
      const gauge = (name: string, help: string, read: () => number) =>
        new Gauge({
          name: `storepulse_simulator_${name}`,
          help,
          registers,
          collect() {
            this.set(read());
          },
        });
      gauge('requested_rate', 'Events per second that are asked for', () => runner.status().requestedRate);
      gauge(
        'achieved_rate',
        'Events per second stored over the last ten seconds',
        () => runner.status().achievedRate,
      );
      gauge('queued_events', 'Events that are due and not stored yet', () => runner.status().queued);
      gauge('waiting', 'Visits under way and things that will happen later', () => runner.status().waiting);
    },
  };
}
