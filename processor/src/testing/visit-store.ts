import type {
  SessionDocument,
  VisitCollections,
  VisitShareDocument,
  VisitWrites,
} from '../aggregate/sessions.ts';

/** What tasks have stored of visits, in memory. */
export function visitStore() {
  const documents = new Map<string, SessionDocument>();
  const shares = new Map<string, VisitShareDocument>();
  const answer = <T>(found: T[]) => ({
    limit: (n: number) => ({ toArray: async () => found.slice(0, n) }),
    async *[Symbol.asyncIterator]() {
      yield* found;
    },
  });
  const sessions = {
    find: (filter: { _id?: { $in: string[] }; task?: string; shop?: string; lastTime?: { $lte: number } }) =>
      answer(
        [...documents.values()].filter(({ _id, task, shop, settled, lastTime }) =>
          filter._id
            ? filter._id.$in.includes(_id)
            : task === filter.task && shop === filter.shop && !settled && lastTime <= filter.lastTime!.$lte,
        ),
      ),
  };
  const visitShares = {
    find: (filter: { owner: string }) =>
      answer([...shares.values()].filter(({ owner }) => owner === filter.owner)),
  };
  return {
    documents,
    collections: { sessions, visitShares } as unknown as VisitCollections,
    /** Commits; refuses, as the database does, when a visit that is new to the task is stored already. */
    write: ({ created, changed, shares: given, takenIn }: VisitWrites): boolean => {
      if (created.some(({ _id }) => documents.has(_id))) return false;
      for (const document of [...created, ...changed]) documents.set(document._id, document);
      for (const share of given) shares.set(share._id, share);
      for (const id of takenIn) shares.delete(id);
      return true;
    },
  };
}
