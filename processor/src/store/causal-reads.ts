import type { ClientSession, MongoClient, Timestamp } from 'mongodb';

/**
 * Begins reads that see at least what each of them has seen or is told of. A majority read alone does not: a primary that
 * has just been elected may not know yet how far a majority had got under the one before it, and answers from before.
 * @param after an operation that they must see, by the server's time of it
 */
export function beginCausalReads(client: MongoClient, after?: Timestamp): ClientSession {
  const reads = client.startSession({ causalConsistency: true });
  if (after) reads.advanceOperationTime(after);
  return reads;
}

/** Has reads see what another session has written. */
export function seeAll(reads: ClientSession, { operationTime }: ClientSession): void {
  if (operationTime) reads.advanceOperationTime(operationTime);
}

/** The option of a read that goes through a session, if there is one. */
export const through = (reads: ClientSession | undefined): { session?: ClientSession } =>
  reads ? { session: reads } : {};
