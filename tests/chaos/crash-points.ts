/** The points of the protocol at which a processor can be made to end or to stop. */
export const CRASH_POINTS = {
  'after-poll': 'after records were read, before they are counted',
  'before-transaction': 'before a transaction begins',
  'in-transaction': 'after all of a transaction’s writes, before it is committed',
  'after-transaction': 'after a transaction was committed, before its notices are sent',
  'late-correction': 'after a correction of a closed window was committed, before its notice is sent',
  'after-notice': 'after a commit’s notices were sent',
  'before-merge-write': 'before merged windows are written',
  'after-merge-write': 'after merged windows were written, before they are published',
  'after-publish': 'after merged windows were published',
  'before-offset-commit': 'before the offsets of merged notices are committed',
  'after-offset-commit': 'after the offsets of merged notices were committed',
} as const;

/** A point of the protocol. */
export type CrashPoint = keyof typeof CRASH_POINTS;

/** What is to happen to a process, and where. */
export interface Order {
  readonly point: CrashPoint;
  /** Which passage of the point, from 1. */
  readonly passage: number;
  /** SIGSTOP: it goes on where it was when it is told to. */
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

/** Names the file that an order is written to; it is gone once the order was carried out. */
export const ORDER_FILE = 'CHAOS_ORDER_FILE';
/** Tells the process that the file holds an order. */
export const ORDER_SIGNAL = 'SIGUSR2';
