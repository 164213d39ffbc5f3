import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRunning, processIdentity } from '../../bootstrap/identity.mjs';
import { endProcess } from './end-process.ts';

/** A process as it was recorded when it was started. */
export interface RecordedProcess {
  pid: number;
  /** The moment it started, as `processIdentity` tells it. */
  identity: string;
}

/** Records `pid` in `file`, so that a later start can find it by more than its number. */
export function recordProcess(file: string, pid: number): void {
  const identity = processIdentity(pid);
  if (identity === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify({ pid, identity } satisfies RecordedProcess));
  renameSync(`${file}.new`, file);
}

/** The recorded process, when it is still the one that runs. */
export function findRecorded(file: string): RecordedProcess | undefined {
  try {
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as RecordedProcess;
    return isRunning(recorded) ? recorded : undefined;
  } catch {
    return undefined;
  }
}

/** Ends the process that an earlier run left behind, if there is one. @returns its pid */
export async function endOrphan(file: string, graceMs: number): Promise<number | undefined> {
  const orphan = findRecorded(file);
  if (orphan) await endProcess(orphan, graceMs);
  rmSync(file, { force: true });
  return orphan?.pid;
}
