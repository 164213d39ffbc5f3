import type { RunningPart } from '@storepulse/local';
import { lastLines } from '@storepulse/local/processes/last-lines';

const LINES = 20;
const PATIENCE_MS = 5_000;

/** Does `work`. @throws {Error} what it throws, with what each of the parts says of itself then and the end of its log */
export async function withStateOf<T>(parts: readonly RunningPart[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const states = await Promise.all(parts.map(stateOf));
    const { message } = error as Error;
    throw new Error([message, ...states].join('\n'), { cause: error });
  }
}

async function stateOf({ url, service }: RunningPart): Promise<string> {
  const state = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    .then((response) => response.text())
    .catch((error: unknown) => `it does not answer: ${error}`);
  return [`${service.name} (${service.pid ?? 'ended'}): ${state}`, ...lastLines(service.logFile, LINES)].join(
    '\n    ',
  );
}
