import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The exporter of this checkout, for `startExporter`. */
export const OWN_EXPORTER = fileURLToPath(new URL('../../exporter/src/main.ts', import.meta.url));

/** A running exporter. */
export interface ExporterProcess {
  readonly url: string;
  /** CPU seconds that it has used so far. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

/** CPU seconds that a process has used so far. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Starts an exporter's program. @param main its `main.ts` */
export async function startExporter(
  main: string,
  environment: Readonly<Record<string, string>>,
): Promise<ExporterProcess> {
  const env = { ...process.env, EXPORTER_PORT: '0', LOG_LEVEL: 'info', ...environment };
  const child: ChildProcess = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  child.stdout!.resume();
  const url = /http:[^"]+/.exec(String(line))![0];
  return {
    url,
    cpuSeconds: () => cpuSecondsOf(child.pid!),
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
