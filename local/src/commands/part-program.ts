import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bundledArguments } from '../parts/bundle.ts';
import { ROOT } from '../paths.ts';

/**
 * Runs a program of one of the parts in the terminal, with the settings of the running stack, and ends with its
 * exit status.
 * @param main its file from the root, such as `simulator/src/sim-main.ts`
 * @param args passed on as they are
 */
export async function runPartProgram(
  main: string,
  args: string[],
  environment: NodeJS.ProcessEnv,
  stackSettings: Readonly<Record<string, string>>,
): Promise<void> {
  const bundled = await bundledArguments(ROOT, main);
  await runInTerminal([...bundled, ...args], programEnvironment(environment, stackSettings));
}

/** Runs Node with these arguments in the terminal, and ends with its exit status. */
export async function runInTerminal(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  // npm changes into the checkout; a relative path of the user's is meant from where npm was called.
  const child = spawn(process.execPath, args, { stdio: 'inherit', cwd: env.INIT_CWD ?? process.cwd(), env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

/** What the user sets counts more than what the stack says of itself, also where the stack names a file instead. */
export function programEnvironment(
  environment: NodeJS.ProcessEnv,
  stackSettings: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const rest = Object.entries(stackSettings).filter(([name]) => !environment[name.replace(/_FILE$/, '')]);
  return { ...Object.fromEntries(rest), ...environment };
}
