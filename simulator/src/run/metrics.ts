import { measureProcess } from '@storepulse/http';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Emission } from '../faults/injector.ts';
import type { RunStatus } from './runner.ts';

/** The simulator's own metrics. */
export interface SimulatorMetrics {
  readonly registry: Registry;
  /** Counts something that was made. */
  countEmission(emission: Emission): void;
  /** Counts a failed attempt to store events. */
  countFailure(): void;
  /** Shows a run's state from now on. */
  watch(status: () => RunStatus): void;
}

/** Makes the metrics in a registry of their own. */
export function createMetrics(): SimulatorMetrics {
  const registry = new Registry();
  const registers = [registry];
  measureProcess(registry);
  const events = new Counter({
    name: 'storepulse_simulator_events_total',
    help: 'Events made, by type',
    labelNames: ['type'],
    registers,
  });
  const faults = new Counter({
    name: 'storepulse_simulator_faults_total',
    help: 'Events that a fault has befallen, by fault',
    labelNames: ['fault'],
    registers,
  });
  const failures = new Counter({
    name: 'storepulse_simulator_send_failures_total',
    help: 'Failed attempts to store events; each is tried again',
    registers,
  });
  return {
    registry,
    countEmission: ({ event, fault }) => {
      events.inc({ type: event.type });
      if (fault) faults.inc({ fault });
    },
    countFailure: () => failures.inc(),
    watch: (status) => {
      const gauge = (name: string, help: string, read: (status: RunStatus) => number) =>
        new Gauge({
          name: `storepulse_simulator_${name}`,
          help,
          registers,
          collect() {
            this.set(read(status()));
          },
        });
      gauge('requested_rate', 'Arrivals per second that are asked for', (now) => now.requestedRate);
      gauge('achieved_rate', 'Events per second stored over the last ten seconds', (now) => now.achievedRate);
      gauge('queued_events', 'Events that are due and not stored yet', (now) => now.queued);
      gauge(
        'shed_arrivals',
        'Arrivals of this run that were left out, since Kafka did not keep up',
        (now) => now.shed,
      );
      gauge('waiting', 'Visits under way and things that will happen later', (now) => now.waiting);
    },
  };
}
