/** What a broker says to one that is no member of the group any more, or not of its present generation. */
const MEMBERSHIP: ReadonlySet<unknown> = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

/**
 * The failure of a batch's handler as kafkajs 2.2.4 must see it. One that tells of the membership is laid bare, since
 * kafkajs joins the group again only when it is not wrapped; any other is one to be tried again, since kafkajs would
 * end the consumer for good on what it takes for final, such as a transaction that another member's has overtaken.
 */
export function batchFailure(error: unknown): Error {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (MEMBERSHIP.has((inner as { type?: unknown }).type)) return inner;
  }
  return new Error(`a batch failed: ${error instanceof Error ? error.message : error}`, { cause: error });
}
