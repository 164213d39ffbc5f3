import { LocalError, messageOf } from './errors.ts';

const TIMEOUT_MS = 5000;

/**
 * Asks a server for JSON.
 * @param who its name for the reader
 * @param init with a `signal` of its own it may take longer than 5 s
 * @throws {LocalError} `not_running` when it does not answer, or not with what was asked for
 */
export async function askJson<T>(who: string, url: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
  } catch (error) {
    throw new LocalError(
      'not_running',
      `${who} does not answer at ${new URL(url).origin} (${messageOf(error)}). See: npm run status`,
    );
  }
  const text = await response.text();
  if (!response.ok) {
    throw new LocalError('not_running', `${who} answered ${response.status}: ${text.slice(0, 300)}`);
  }
  return JSON.parse(text) as T;
}
