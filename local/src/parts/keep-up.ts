import type { Member } from './members.ts';
import type { RunRecord } from './run-record.ts';
import { RESTART_POLICY, supervise } from './supervise.ts';

/** What happens to the stack, for the screen. */
export interface StackReport {
  /** A step of the start is done: a member is up, or something was built. */
  done(what: string, seconds: number): void;
  /** Something to know while it runs, e.g. that a part is started again. */
  note(text: string): void;
  /** Something that needs the reader. */
  warn(text: string): void;
}

/** Brings a member back whenever it dies, and records and reports it, until `signal` is aborted. */
export function keepUp(member: Member, record: RunRecord, report: StackReport, signal: AbortSignal): void {
  const { name, service } = member;
  if (!service) return;
  let restarts = 0;
  const events = {
    restarting(reason: string, delayMs: number) {
      record.update(member, { state: 'restarting' });
      report.note(`${name}: ${reason}; starting it again in ${delayMs / 1000} s`);
    },
    restarted() {
      restarts += 1;
      record.update(member, { state: 'up', restarts });
      report.note(`${name}: up again (process ${service.pid})`);
    },
    gaveUp(reason: string, lines: string[]) {
      record.update(member, { state: 'failed' });
      report.warn(
        `${name}: ${reason}, too often to go on. Its log (${service.logFile}) ends with:\n${lines.join('\n')}`,
      );
    },
  };
  supervise(service, RESTART_POLICY, events, signal);
}
