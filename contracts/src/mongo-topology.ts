/** What a MongoDB server says of itself, as far as it decides whether the parts can work on it: answers to `hello`. */
export interface Hello {
  /** Name of the replica set that it belongs to. */
  readonly setName?: string;
  /** `isdbgrid` of a router of a sharded cluster. */
  readonly msg?: string;
}

/**
 * Why the parts can't work on a MongoDB; undefined: they can. State and offsets are committed in one transaction, which
 * needs a replica set. A sharded cluster has transactions too, but what the protocol relies on (sessions ended at a claim,
 * reads after claims, fail-over) is proven on replica sets alone, so nothing is promised there.
 */
export function unfitTopology({ setName, msg }: Hello): string | undefined {
  if (msg === 'isdbgrid')
    return 'it is a sharded cluster, where the figures are not proven to be right. Name a replica set in MONGODB_URI';
  if (setName === undefined)
    return 'it has no transactions, since it is not a replica set. Start it with --replSet and run rs.initiate() once';
  return undefined;
}
