import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How a command is run. */
export interface RunOptions {
  /** Killed after this time, in ms. */
  timeoutMs: number;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Called with every line of its output. */
  onLine?: (line: string) => void;
}

/**
 * Runs a command to its end. @returns its output, standard output and error together
 * @throws {Error} with the last telling line of the output when it fails or takes too long
 */
export async function run(
  command: string,
  args: string[],
  { timeoutMs, env, cwd, onLine }: RunOptions,
): Promise<string> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    ...(env ? { env } : {}),
    ...(cwd ? { cwd } : {}),
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`"${command}" can't be run: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(lines.join('\n'));
      else if (signal === 'SIGKILL') reject(new Error(`${command} was not done after ${timeoutMs / 1000} s`));
      else reject(new Error(`${command} failed: ${tellingLine(lines)}`));
    });
  });
}

/** Clients print their cause in a line that says "error" and then much around it. */
function tellingLine(lines: string[]): string {
  const filled = lines.map((line) => line.trim()).filter(Boolean);
  return filled.find((line) => /\berror\b/i.test(line)) ?? filled.at(-1) ?? 'it printed nothing';
}
