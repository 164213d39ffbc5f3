import type { ArchiverStep } from '@storepulse/archiver/run';

/** At which passage of which step, from 1, an archiver is to end. */
export interface ArchiveOrder {
  readonly step: ArchiverStep;
  readonly passage: number;
}

/** Names the file that an order is written to; it is gone once the order was carried out. */
export const ARCHIVE_ORDER_FILE = 'CHAOS_ORDER_FILE';
/** Tells the process that the file holds an order. */
export const ARCHIVE_ORDER_SIGNAL = 'SIGUSR2';
