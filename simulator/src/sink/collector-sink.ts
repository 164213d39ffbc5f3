import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { SimulatorError } from '../errors.ts';
import type { EventSink, OutgoingRecord } from './event-sink.ts';

const compressed = promisify(gzip);

/** What the sink needs to know. */
export interface CollectorSinkOptions {
  /** Such as `http://127.0.0.1:8090`. */
  readonly url: string;
  /** A key that may send events. @default none */
  readonly key?: string | undefined;
  /** Told why it waits, in words. */
  readonly onWait: (reason: string) => void;
  /** Ends waiting. */
  readonly signal: AbortSignal;
  /** How long the collector may not answer at all, ms. @default a minute */
  readonly patienceMs?: number;
}

/** A sink that ends at a collector. */
export interface CollectorSink extends EventSink {
  /** Events that the collector has refused for good: how many, and the first of them in words. */
  refused(): { readonly count: number; readonly first: readonly string[] };
}

interface Item {
  readonly index: number;
  readonly status: 'accepted' | 'duplicate' | 'rejected' | 'unavailable';
  readonly eventId?: string;
  readonly code?: string;
  readonly path?: string;
  readonly message?: string;
}
interface Answer {
  readonly status: number;
  readonly retryAfterS: number | undefined;
  readonly detail: string | undefined;
  readonly items: readonly Item[] | undefined;
}

const MAX_REPORTED = 20;
const ANSWER_MS = 60_000;
const PATIENCE_MS = 60_000;
/** How long to wait for a collector that does not say it, s. */
const AGAIN_AFTER_S = 1;

/**
 * A sink that sends through a collector's HTTP interface. It waits as long as the collector says, and sends what is not
 * known to be stored again: that counts once. What is refused for good is kept, and the rest goes on.
 */
export function createCollectorSink(options: CollectorSinkOptions): CollectorSink {
  const { url, key, onWait, signal, patienceMs = PATIENCE_MS } = options;
  const first: string[] = [];
  let count = 0;

  const ask = async (records: readonly OutgoingRecord[]): Promise<Answer> => {
    const response = await fetch(new URL('/v1/events', url), {
      method: 'POST',
      headers: {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: await compressed(records.map(({ value }) => value).join('\n')),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    const { detail, items } = parse(await response.text());
    return {
      status: response.status,
      retryAfterS: Number.isNaN(retryAfter) ? undefined : retryAfter,
      ...{ detail, items },
    };
  };
  const wait = async (seconds: number, reason: string, left: number): Promise<void> => {
    onWait(reason);
    await sleep(seconds * 1_000, undefined, { signal }).catch(() => {
      throw new SimulatorError(
        'collector-unreachable',
        `Ended while ${left} events waited for the collector: ${reason}. They may not be stored; replay again, what is stored counts once.`,
      );
    });
  };
  const refuse = ({ headers }: OutgoingRecord, { code, path, message }: Item) => {
    const reason = [code, path, message].filter(Boolean).join(' ');
    // Amounts that follow would be read in another money, or of no shop at all.
    if (headers.ce_type === 'shop_upserted') throw shopRefused(reason);
    count += 1;
    if (first.length < MAX_REPORTED) first.push(`${headers.ce_type} ${headers.ce_id}: ${reason}`);
  };

  /** Sends records until each is stored or refused. */
  const send = async (records: readonly OutgoingRecord[]): Promise<void> => {
    let left = records;
    let silentSince: number | undefined;
    while (left.length > 0) {
      const answer = await ask(left).catch((error: Error) => reasonOf(error));
      if (typeof answer === 'string' || (answer.status >= 500 && answer.retryAfterS === undefined)) {
        const reason = typeof answer === 'string' ? answer : `it answers with status ${answer.status}`;
        silentSince ??= performance.now();
        if (performance.now() - silentSince >= patienceMs) throw unreachable(url, reason);
        await wait(AGAIN_AFTER_S, reason, left.length);
        continue;
      }
      silentSince = undefined;
      const { status, items, detail = `status ${status}`, retryAfterS = AGAIN_AFTER_S } = answer;
      if (items !== undefined) {
        const again = new Set<number>();
        for (const item of items) {
          if (item.status === 'unavailable') again.add(item.index);
          if (item.status === 'rejected') refuse(left[item.index]!, item);
        }
        left = left.filter((_record, index) => again.has(index));
        if (left.length > 0) await wait(retryAfterS, detail, left.length);
      } else if (status === 429 || status === 503) {
        await wait(retryAfterS, detail, left.length);
      } else if (status === 413 && left.length > 1) {
        const half = Math.ceil(left.length / 2);
        await send(left.slice(0, half));
        left = left.slice(half);
      } else throw refused(url, status, detail);
    }
  };
  return { send, refused: () => ({ count, first }) };
}

function parse(text: string): Pick<Answer, 'detail' | 'items'> {
  try {
    const { detail, items } = JSON.parse(text);
    return { detail, items };
  } catch {
    return { detail: undefined, items: undefined };
  }
}

function reasonOf(error: Error): string {
  const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
  return `it does not answer (${code ?? message})`;
}

function shopRefused(reason: string): SimulatorError {
  return new SimulatorError(
    'refused',
    `The collector does not take the shop, and nothing else was sent: ${reason}. Replay into a shop of its own: --shop.`,
  );
}

function unreachable(url: string, reason: string): SimulatorError {
  return new SimulatorError(
    'collector-unreachable',
    `The collector at ${url} can't be used: ${reason}. Is it running (npm start)? COLLECTOR_URL names its address.`,
  );
}

function refused(url: string, status: number, detail: string): SimulatorError {
  const advice =
    status === 401 || status === 403
      ? ' Give a key with the scope ingest: --key-file, or COLLECTOR_KEY.'
      : ' Is COLLECTOR_URL the address of a collector?';
  return new SimulatorError('refused', `The collector at ${url} takes no events: ${detail}.${advice}`);
}
