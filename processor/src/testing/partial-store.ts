import assert from 'node:assert/strict';
import type { PartialDocument } from '@storepulse/contracts';
import { type AnyBulkWriteOperation, BSON, type Collection } from 'mongodb';

type Stored = Record<string, unknown> & { seq: number };

/** Partials in memory, which take a commit's writes as MongoDB does, each over exactly the document that was read. */
export function partialStore() {
  const documents = new Map<string, Stored>();
  const find = ({ _id }: { _id: { $in: string[] } }) =>
    (async function* () {
      for (const id of _id.$in) {
        const document = documents.get(id);
        if (document) yield BSON.deserialize(BSON.serialize(document), { promoteBuffers: true });
      }
    })();
  const guarded = ({ _id, seq }: { _id: string; seq: number }): Stored => {
    const before = documents.get(_id);
    assert.equal(before?.seq, seq, 'written over what was read');
    return before as Stored;
  };

  return {
    /** What the cache reads from. */
    collection: { find } as unknown as Collection<PartialDocument>,
    documents: () => [...documents.values()] as unknown as PartialDocument[],
    write: (operation: AnyBulkWriteOperation<PartialDocument>) => {
      if ('insertOne' in operation) {
        const { document } = operation.insertOne as unknown as { document: Stored & { _id: string } };
        assert.ok(!documents.has(document._id), 'inserted once');
        documents.set(document._id, document);
      } else if ('replaceOne' in operation) {
        const { filter, replacement } = operation.replaceOne as unknown as {
          filter: { _id: string; seq: number };
          replacement: Stored;
        };
        guarded(filter);
        documents.set(filter._id, { _id: filter._id, ...replacement });
      } else {
        const { filter, update } = (operation as unknown as { updateOne: unknown }).updateOne as {
          filter: { _id: string; seq: number };
          update: { $set: Record<string, unknown> };
        };
        const document = guarded(filter);
        for (const [path, value] of Object.entries(update.$set)) setAt(document, path.split('.'), value);
      }
    },
  };
}

function setAt(document: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) document[name] = value;
  else {
    document[name] ??= {};
    setAt(document[name] as Record<string, unknown>, rest, value);
  }
}
