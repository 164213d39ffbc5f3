import { ExporterError } from '../errors.ts';
import type { Limits } from './limits.ts';

/** What one request may still use. */
export interface Allowance {
  /** Aborted, with an `ExporterError` as its reason, once nobody waits for the answer or the deadline has passed. */
  readonly signal: AbortSignal;
  /** Time of the processor that was spent on it, ms. */
  readonly spentMs: number;
  /** Until the deadline, ms; never below 1. */
  leftMs(): number;
  /**
   * Notes that computing took so long.
   * @throws {ExporterError} `too_costly` once it was more than a request may take
   */
  spend(ms: number): void;
  /**
   * Notes memory that is held until the end of the request.
   * @throws {ExporterError} `too_costly` when it is more than there is, `overloaded` when others hold the rest
   */
  hold(bytes: number): void;
  /** Waits for something unless the signal is aborted first. */
  orAborted<T>(promise: Promise<T>): Promise<T>;
  /** Ends the request: its memory is free. */
  end(): void;
}

/** Gives each request its allowance. */
export interface Allowances {
  /** @param client aborted when the client has left @default it stays */
  begin(client?: AbortSignal): Allowance;
  /** Memory that requests under way hold, bytes. */
  heldBytes(): number;
}

/** Builds what gives requests their allowances. */
export function createAllowances({ timeoutMs, computingMs, memoryBytes }: Limits): Allowances {
  let held = 0;
  return {
    heldBytes: () => held,
    begin: (client) => {
      const ended = new AbortController();
      const deadline = performance.now() + timeoutMs;
      const timer = setTimeout(() => ended.abort(tooLate(timeoutMs)), timeoutMs);
      const leave = () => ended.abort(new ExporterError('cancelled', 'the client has closed the connection'));
      if (client?.aborted) leave();
      client?.addEventListener('abort', leave, { once: true });
      let spent = 0;
      let own = 0;
      return {
        signal: ended.signal,
        get spentMs() {
          return spent;
        },
        leftMs: () => Math.max(1, Math.ceil(deadline - performance.now())),
        spend: (ms) => {
          spent += ms;
          if (spent > computingMs) throw tooMuchComputing(computingMs);
        },
        hold: (bytes) => {
          if (own + bytes > memoryBytes) throw tooMuchMemory(memoryBytes);
          if (held + bytes > memoryBytes) throw outOfMemory();
          own += bytes;
          held += bytes;
        },
        orAborted: (promise) => orAborted(promise, ended.signal),
        end: () => {
          clearTimeout(timer);
          client?.removeEventListener('abort', leave);
          held -= own;
          own = 0;
        },
      };
    },
  };
}

/** Waits for something unless a signal is aborted first. @throws the signal's reason */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const give = () => reject(signal.reason);
  signal.addEventListener('abort', give, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', give);
  }
}

const tooLate = (timeoutMs: number) =>
  new ExporterError(
    'query_timeout',
    `the request was not answered within ${timeoutMs} ms: ask for a shorter range or a longer interval, or try again`,
  );
const tooMuchComputing = (computingMs: number) =>
  new ExporterError(
    'too_costly',
    `the request needs more than ${computingMs} ms of computing: ask for a shorter range, a longer interval or fewer queries at once`,
  );
const tooMuchMemory = (bytes: number) =>
  new ExporterError(
    'too_costly',
    `the request needs more than ${Math.round(bytes / 1_048_576)} MB of memory: ask for a shorter range, a longer interval or fewer queries at once`,
  );
const outOfMemory = () =>
  new ExporterError(
    'overloaded',
    'other requests hold the memory that this one needs: try again in a moment',
  );
