import type { Logger } from 'pino';

const EVERY_MS = 60_000;
/** A look that takes longer tells too little of the other clock. */
const LONGEST_LOOK_MS = 1_000;
/** Less is nothing to speak of: that much disorder is allowed anyhow. */
const WORTH_TELLING_MS = 5_000;

/** Compares this host's clock with the server's for as long as it runs. */
export interface ClockCheck extends AsyncDisposable {
  /** Compares once; a server that does not answer is passed over. */
  look(): Promise<void>;
}

/**
 * Starts to compare clocks, at once and every minute. By its own clock a processor tells how far quiet shops have got,
 * and which windows are past their retention: a difference is no error, and must not stay unnoticed.
 * @param options.serverTime asks the server for its time, epoch ms
 * @param options.noteAhead told how far this clock is ahead, ms; negative: behind
 */
export function startClockCheck(options: {
  serverTime: () => Promise<number>;
  now: () => number;
  noteAhead: (ms: number) => void;
  logger: Logger;
}): ClockCheck {
  const { serverTime, now, noteAhead, logger } = options;
  let isTold = false;
  const look = async () => {
    const before = now();
    const time = await serverTime().catch(() => undefined);
    const after = now();
    if (time === undefined || after - before > LONGEST_LOOK_MS) return;
    const ahead = Math.round((before + after) / 2 - time);
    noteAhead(ahead);
    const isOff = Math.abs(ahead) > WORTH_TELLING_MS;
    if (isOff && !isTold)
      logger.warn({ code: 'CLOCK_OFF', aheadMs: ahead }, 'this clock differs from that of MongoDB');
    isTold = isOff;
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = look();
  }, EVERY_MS).unref();
  return {
    look,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
