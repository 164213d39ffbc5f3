import { spawn } from 'node:child_process';

/** Where commands write to: the screen, or a text that is shown later, since others write to the screen meanwhile. */
export interface Output {
  /** Writes a line. */
  line(text: string): void;
  /** Takes what a child process writes; undefined: it writes to the screen itself. */
  readonly take?: (chunk: string) => void;
}

/** The screen. */
export const screen: Output = { line: (text) => console.log(text) };

/** An output that is kept. */
export interface KeptOutput extends Output {
  /** What has been written so far. */
  readonly text: string;
}

/** Begins an empty one. */
export function createKeptOutput(): KeptOutput {
  let text = '';
  const take = (chunk: string) => {
    text += chunk;
  };
  return {
    line: (line) => take(`${line}\n`),
    take,
    get text() {
      return text;
    },
  };
}

/**
 * Runs a command.
 * @param output where it writes to @default the screen
 * @returns its exit status; 1 when a signal ended it or it can't be run
 */
export function execute(
  command: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  { take }: Output = screen,
): Promise<number> {
  const written = take ? 'pipe' : 'inherit';
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', written, written] });
  for (const stream of [child.stdout, child.stderr]) {
    if (take) stream?.setEncoding('utf8').on('data', take);
  }
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
