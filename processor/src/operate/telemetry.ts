import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Tally } from '../aggregate/tally.ts';

/** The processor's own metrics. */
export type Telemetry = ReturnType<typeof createTelemetry>;

/** Builds them in a registry of their own. */
export function createTelemetry() {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const fates = new Counter({
    name: 'storepulse_processor_records_total',
    help: 'Records committed, by fate',
    labelNames: ['fate'],
    registers,
  });
  const late = counter(
    'storepulse_processor_late_events_total',
    'Events counted although they came after the allowed lateness',
  );
  const commits = new Histogram({
    name: 'storepulse_processor_commit_seconds',
    help: 'Time from gathering a commit to its announcement',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const windows = counter(
    'storepulse_processor_partials_written_total',
    'Windows of one task written by commits',
  );

  return {
    registry,
    claims: counter('storepulse_processor_claims_total', 'Tasks claimed'),
    retries: counter(
      'storepulse_processor_transaction_retries_total',
      'Transactions tried again after a passing fault',
    ),
    fenced: counter(
      'storepulse_processor_fenced_total',
      'Tasks lost to another owner or to a business key stored elsewhere',
    ),
    recordsLost: counter(
      'storepulse_processor_records_lost_total',
      'Records that the log dropped before they were read',
    ),
    merged: counter('storepulse_processor_windows_merged_total', 'Windows merged and published'),
    badNotices: counter(
      'storepulse_processor_bad_notices_total',
      'Records on metric-changes that name no window',
    ),
    lag: new Gauge({
      name: 'storepulse_processor_lag_records',
      help: 'Records not yet read, of owned partitions',
      registers,
    }),
    lagSeconds: new Gauge({
      name: 'storepulse_processor_lag_seconds',
      help: 'Age of the record counted last while there is lag',
      registers,
    }),
    tasks: new Gauge({ name: 'storepulse_processor_tasks', help: 'Tasks owned and claimed', registers }),
    noteCommit: (tally: Tally, seconds: number, written: number) => {
      for (const [fate, n] of Object.entries(tally.fates)) fates.inc({ fate }, n);
      late.inc(tally.late);
      commits.observe(seconds);
      windows.inc(written);
    },
  };
}
