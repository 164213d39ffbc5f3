import { join } from 'node:path';
import { processIdentity } from '../../bootstrap/identity.mjs';
import { withLock } from '../../bootstrap/lock.mjs';
import { LocalError } from '../errors.ts';
import type { Member } from './members.ts';
import {
  type PhaseSeconds,
  type RunningPartState,
  type RunState,
  readRunState,
  removeRunState,
  writeRunState,
} from './run-file.ts';

/** Keeps `run.json` true while the stack runs. */
export interface RunRecord {
  readonly state: Readonly<RunState>;
  /** Writes down what became of a member, with its present pid. */
  update(member: Member, change: Partial<RunningPartState>): void;
  /** Writes down that everything is up. */
  finish(seconds: PhaseSeconds): void;
  /** Nothing runs any more. */
  remove(): void;
}

/**
 * Begins the record of a run of this process.
 * @param settings the variables with which other programs reach the stack
 * @throws {LocalError} `already_running` when another process runs the stack on this data folder
 */
export async function claimRun(
  dataFolder: string,
  members: readonly Member[],
  settings: Record<string, string>,
): Promise<RunRecord> {
  const state: RunState = {
    supervisor: { pid: process.pid, identity: processIdentity(process.pid)! },
    startedAt: new Date().toISOString(),
    settings,
    parts: members.map(({ name, address, service }) => ({
      name,
      address,
      state: service ? 'starting' : 'external',
      restarts: 0,
    })),
  };
  const write = () => writeRunState(dataFolder, state);
  await withLock(join(dataFolder, 'start.lock'), async () => {
    const other = readRunState(dataFolder);
    if (other) throw alreadyRunning(other);
    write();
  });
  return {
    state,
    update({ name, service }, change) {
      const part = state.parts.find((entry) => entry.name === name)!;
      Object.assign(part, change);
      if (service?.pid === undefined) delete part.pid;
      else part.pid = service.pid;
      write();
    },
    finish(seconds) {
      state.seconds = seconds;
      write();
    },
    remove: () => removeRunState(dataFolder),
  };
}

function alreadyRunning({ supervisor, parts }: RunState): LocalError {
  const lines = parts.map(({ name, address }) => `  ${name.padEnd(13)} ${address}`);
  return new LocalError(
    'already_running',
    `Storepulse runs already here (process ${supervisor.pid}):\n${lines.join('\n')}\nStop it with: npm stop. For a second one beside it set STOREPULSE_DATA and other ports.`,
  );
}
