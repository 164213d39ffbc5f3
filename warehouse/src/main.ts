import { setTimeout } from 'node:timers/promises';
import { catalog, MongoSettingsSchema, readSettingsGroups, SettingsError } from '@storepulse/contracts';
import { LakeError, LakeSettingsSchema } from '@storepulse/lake';
import { WarehouseError } from './errors.ts';
import { createProgram } from './job/program.ts';
import { openJob, type WarehouseJob } from './job/warehouse-job.ts';
import { WarehouseSettingsSchema } from './settings.ts';

/** `npm run warehouse` and `npm run reconcile`: see `job/program.ts`. */
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

let job: WarehouseJob | undefined;
const sleep = (ms: number) => setTimeout(ms, undefined, { signal: stop.signal }).catch(() => {});
try {
  const { settings, mongo, lake } = readSettingsGroups(
    { settings: WarehouseSettingsSchema, mongo: MongoSettingsSchema, lake: LakeSettingsSchema },
    process.env,
  );
  const program = createProgram({
    job: async () => {
      job ??= await openJob({
        ...{ settings, mongo, lake, catalog, sleep, now: Date.now },
        say: (text) => console.error(text),
      });
      return job;
    },
    write: (text) => console.log(text),
    exit: (status) => {
      process.exitCode = status;
    },
    ...{ now: Date.now, sleep, at: () => settings.at, isStopped: () => stop.signal.aborted },
  });
  await program.parseAsync();
} catch (error) {
  const isTold =
    error instanceof WarehouseError || error instanceof LakeError || error instanceof SettingsError;
  if (!isTold) throw error;
  console.error(`warehouse: ${error.message}`);
  process.exitCode = 1;
} finally {
  await job?.close();
}
