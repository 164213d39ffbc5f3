import { DEAD_LETTER_REASONS } from '@storepulse/contracts';
import type { LakeFile } from '@storepulse/lake/manifest';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Arrived } from '../arrive/buffer.ts';
import type { ArchiveTask } from '../arrive/task.ts';

/** The archiver's own metrics; `docs/reference/prometheus.md` describes them. */
export type Telemetry = ReturnType<typeof createTelemetry>;

/** Live files, their rows and bytes. */
export interface LakeSize {
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

/** Builds them in a registry of their own. @param now wall clock, epoch ms */
export function createTelemetry(now: () => number = Date.now) {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string) =>
    new Counter({ name: `storepulse_archiver_${name}`, help, registers });
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `storepulse_archiver_${name}`, help, registers });
  const records = new Counter({
    name: 'storepulse_archiver_records_total',
    help: 'Records whose fate is committed, by fate',
    labelNames: ['fate'],
    registers,
  });
  // Known zeros: without them the first one of a kind is no increase.
  const fates = ['archived', 'tombstone', ...DEAD_LETTER_REASONS.map((reason) => `dead-letter:${reason}`)];
  for (const fate of fates) records.inc({ fate }, 0);
  const written = counter('files_written_total', 'Files of arrived records that were committed');
  const bytes = counter('bytes_written_total', 'Bytes of these files');
  const files = gauge('files', 'Live files of the lake, told by its keeper');
  const rows = gauge('rows', 'Rows in them');
  const lakeBytes = gauge('lake_bytes', 'Bytes of them');
  const tasks = gauge('tasks', 'Partitions owned and claimed');
  const lag = gauge('lag_records', 'Records not yet read, of owned partitions');
  const waiting = gauge('waiting_bytes', 'Bytes of rows that wait for their file');
  const seamAge = gauge('seam_age_seconds', 'Age of the seam: what was appended before it is in the lake');

  return {
    registry,
    claims: counter('claims_total', 'Partitions claimed'),
    fenced: counter('fenced_total', 'Partitions lost to another owner'),
    failures: counter('failures_total', 'Commits and rounds of the keeper that failed and were tried again'),
    merged: counter('files_merged_total', 'Files that became part of a merged one'),
    rewritten: counter('files_rewritten_total', 'Files that were written anew without erased customers'),
    erased: counter('erased_customers_total', 'Customers whose erasure is done in all files'),
    orphans: counter('orphans_deleted_total', 'Files deleted that no manifest names'),
    noteFlush: (fatesOf: Arrived['fates'], flushed: readonly LakeFile[]) => {
      for (const [fate, n] of Object.entries(fatesOf)) records.inc({ fate }, n);
      written.inc(flushed.length);
      bytes.inc(flushed.reduce((sum, file) => sum + file.bytes, 0));
    },
    noteFiles: (size: LakeSize) => {
      files.set(size.files);
      rows.set(size.rows);
      lakeBytes.set(size.bytes);
    },
    /** Shows the tasks as they are. */
    noteTasks: (states: readonly ArchiveTask[]) => {
      tasks.set(states.length);
      lag.set(states.reduce((sum, state) => sum + state.lag, 0));
      waiting.set(states.reduce((sum, state) => sum + state.bytes, 0));
      const age = seamAgeOf(states, now());
      if (age !== undefined) seamAge.set(age);
    },
  };
}

/** Seconds since the earliest seam; undefined while one is not known. */
export function seamAgeOf(states: readonly Pick<ArchiveTask, 'seamAt'>[], now: number): number | undefined {
  const seams = states.map(({ seamAt }) => seamAt);
  if (seams.length === 0 || seams.includes(null)) return undefined;
  return Math.max(0, now - Math.min(...(seams as number[]))) / 1_000;
}
