/** What tells a process from every other that ever had its pid; undefined when no such process runs. */
export function processIdentity(pid: number): string | undefined;
/** True while the process that was recorded as `pid` with `identity` still runs. */
export function isRunning(recorded: { pid: number; identity: string }): boolean;
