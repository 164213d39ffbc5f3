import type { AbstractCursor } from 'mongodb';

/** The documents of a cursor, message by message of the server. @param T `Buffer` for a cursor that reads them raw */
export async function* batchesOf<T>(cursor: AbstractCursor<unknown>): AsyncGenerator<readonly T[]> {
  try {
    while (await cursor.hasNext()) yield cursor.readBufferedDocuments() as T[];
  } finally {
    await cursor.close();
  }
}

/** All of them: for reads that have a limit. */
export async function toBuffers(cursor: AbstractCursor<unknown>): Promise<Buffer[]> {
  const documents: Buffer[] = [];
  for await (const batch of batchesOf<Buffer>(cursor)) documents.push(...batch);
  return documents;
}
