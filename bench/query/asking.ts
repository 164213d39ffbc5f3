import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Wall times of some requests, ms. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** Sends a request and reads its answer to the end. @returns how long that took, ms, and the status */
export function send(url: string, body?: string, headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{ ms: number; status: number; text: string }>();
  const began = performance.now();
  const sent = request(
    url,
    {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    },
    (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({
          ms: performance.now() - began,
          status: answer.statusCode!,
          text: Buffer.concat(parts).toString('latin1'),
        }),
      );
      answer.on('error', reject);
    },
  );
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

/** What some wall times come to. */
export function timesOf(list: readonly number[]): Times {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { p50: at(0.5), p99: at(0.99), most: sorted.at(-1)! };
}

/** Repeats something one after the other, on so many lines at once, for so long. @returns the wall times */
export async function repeat(
  lines: number,
  ms: number,
  ask: () => Promise<{ ms: number }>,
): Promise<readonly number[]> {
  const end = performance.now() + ms;
  const times: number[] = [];
  const line = async () => {
    while (performance.now() < end) times.push((await ask()).ms);
  };
  await Promise.all(Array.from({ length: lines }, line));
  return times;
}

/**
 * Asks so many times a second, each time when it is due, whether or not earlier ones have been answered: a stall is counted in
 * full. @returns the wall times since each was due, ms, by what it is told to be of
 */
export async function repeatDue(
  perSecond: number,
  seconds: number,
  ask: (n: number) => { of: string; sent: Promise<unknown> },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const began = performance.now();
  const times = new Map<string, number[]>();
  const under: Promise<void>[] = [];
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = began + (n * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await pause(wait);
    const { of, sent } = ask(n);
    const list = times.get(of) ?? [];
    times.set(of, list);
    under.push(
      sent.then(() => {
        list.push(performance.now() - due);
      }),
    );
  }
  await Promise.all(under);
  return times;
}
