import type { AbstractCursor } from 'mongodb';

/** The documents of a cursor that reads them raw, as the server sends them. */
export async function* batchesOf(cursor: AbstractCursor<unknown>): AsyncGenerator<readonly Buffer[]> {
  try {
    while (await cursor.hasNext()) yield cursor.readBufferedDocuments() as Buffer[];
  } finally {
    await cursor.close();
  }
}

/** All of them: for reads that have a limit. */
export async function toBuffers(cursor: AbstractCursor<unknown>): Promise<Buffer[]> {
  const documents: Buffer[] = [];
  for await (const batch of batchesOf(cursor)) documents.push(...batch);
  return documents;
}
