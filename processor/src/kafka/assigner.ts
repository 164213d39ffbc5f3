import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

/** One member's share: topic to partitions. */
export type Shares = Record<string, Record<string, number[]>>;

/**
 * Spreads partitions so that partition p of all topics of one task group goes to the same member. Groups begin at
 * different members, so that small groups do not all land on the first.
 */
export function assignCoPartitioned(
  members: readonly string[],
  topics: readonly { topic: string; group: string; partitions: readonly number[] }[],
): Shares {
  const order = [...members].sort();
  const groups = [...new Set(topics.map(({ group }) => group))].sort();
  const shares: Shares = Object.fromEntries(order.map((member) => [member, {}]));
  for (const { topic, group, partitions } of topics) {
    for (const partition of partitions) {
      const member = order[(partition + groups.indexOf(group)) % order.length]!;
      const share = shares[member]!;
      share[topic] ??= [];
      share[topic].push(partition);
    }
  }
  return shares;
}

/** The assigner as kafkajs takes it; its own round-robin would split the topics of a task. */
export function coPartitionedAssigner(groupOf: (topic: string) => string): PartitionAssigner {
  const name = 'storepulse-co-partitioned';
  const version = 0;
  return ({ cluster }) => ({
    name,
    version,
    assign: async ({ members, topics }) => {
      const shares = assignCoPartitioned(
        members.map(({ memberId }) => memberId),
        topics.map((topic) => ({
          topic,
          group: groupOf(topic),
          partitions: cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId),
        })),
      );
      return Object.entries(shares).map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version,
          assignment,
          userData: Buffer.alloc(0),
        }),
      }));
    },
    protocol: ({ topics }) => ({
      name,
      metadata: AssignerProtocol.MemberMetadata.encode({ version, topics, userData: Buffer.alloc(0) }),
    }),
  });
}
