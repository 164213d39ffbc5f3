import { buildStale } from '../build.ts';
import { messageOf } from '../errors.ts';
import type { Monitoring } from '../monitoring/members.ts';
import { ROOT } from '../paths.ts';
import { createGuard } from '../processes/guard.ts';
import { requireFreePorts } from '../processes/require-free-ports.ts';
import type { FindOptions } from '../programs/find-program.ts';
import type { StackSettings } from '../settings.ts';
import { keepUp, type StackReport } from './keep-up.ts';
import { createMembers, type Member } from './members.ts';
import { endOrphans } from './orphans.ts';
import { createPhaseClock } from './phase-clock.ts';
import type { RunState } from './run-file.ts';
import { claimRun } from './run-record.ts';
import type { PartName } from './stack.ts';
import { stopInOrder } from './stop-order.ts';

/** What running the stack depends on. */
export interface RunStackOptions {
  environment: NodeJS.ProcessEnv;
  settings: StackSettings;
  dataFolder: string;
  find: FindOptions;
  /** Parts that are left out. */
  without: readonly PartName[];
  /** What watches the stack. */
  monitoring: Monitoring;
  /** What the installation of the dependencies took before, in s. */
  installSeconds: number;
  /** Told of everything that a watcher wants to see. */
  report: StackReport;
}

/** A stack that is up. */
export interface RunningStack {
  state: Readonly<RunState>;
  members: readonly Member[];
  /** Ends everything in reverse order, within 10 s. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): Promise<void>;
}

/**
 * Starts everything, what does not need each other in parallel, and keeps it up.
 * @param signal aborted: the start is given up
 * @throws {LocalError} with the first cause; nothing is left running
 */
export async function runStack(options: RunStackOptions, signal: AbortSignal): Promise<RunningStack> {
  const { dataFolder, report } = options;
  const clock = createPhaseClock(options.installSeconds);
  const guard = createGuard();
  const { members, settings } = createMembers({ ...options, guard });
  const record = await claimRun(dataFolder, members, settings);
  const stopping = new AbortController();

  async function end(how: (member: Member) => Promise<void>): Promise<void> {
    stopping.abort();
    await stopInOrder(members, how);
    await guard.close();
    record.remove();
  }
  const stop = () => end(async ({ service }) => service?.stop());
  const kill = () => end(async ({ service }) => service?.kill());

  async function build(): Promise<void> {
    const { result: built, seconds } = await clock.measure('build', () => buildStale(ROOT));
    if (built.length > 0) report.done(`built ${built.join(', ')}`, seconds);
  }

  async function start(member: Member, needed: () => Promise<unknown>): Promise<void> {
    const { service, find, before, after } = member;
    if (!service) return;
    if (find) await clock.measure('fetch', find);
    await needed();
    await before?.(report, stopping.signal);
    // Asked to stop meanwhile: what starts now would not be ended.
    if (stopping.signal.aborted) return;
    const { seconds } = await clock.measure(find ? 'servers' : 'parts', () => service.start());
    record.update(member, { state: 'up' });
    report.done(`${member.name.padEnd(13)} ${member.address}`, seconds);
    keepUp(member, record, report, stopping.signal);
    after?.().catch((error: unknown) => {
      if (!stopping.signal.aborted) report.warn(`${member.name}: ${messageOf(error)}`);
    });
  }

  async function startAll(): Promise<void> {
    await endOrphans(dataFolder);
    await requireFreePorts(members.flatMap(({ service, ports }) => (service ? ports : [])));
    const built = build();
    const up = new Map<string, Promise<void>>();
    for (const member of members) {
      const needs = [...member.needs.map((name) => up.get(name)), ...(member.isBuilt ? [built] : [])];
      up.set(
        member.name,
        start(member, () => Promise.all(needs)),
      );
    }
    await Promise.all([built, ...up.values()]);
  }

  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    await Promise.race([startAll(), aborted]);
  } catch (error) {
    await stop();
    throw error;
  }
  record.finish(clock.seconds());
  return { state: record.state, members, stop, kill };
}
