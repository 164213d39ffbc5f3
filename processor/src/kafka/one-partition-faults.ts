import { createRequire } from 'node:module';

/** What kafkajs makes of an answer to a metadata request. */
interface MetadataProtocol {
  parse: (data: Metadata) => Promise<Metadata>;
}
interface Metadata {
  topicMetadata: { topicErrorCode: number; partitionMetadata: { partitionErrorCode: number }[] }[];
}

const NO_ERROR = 0;
/** The versions that kafkajs 2.2.4 knows; brokers pick one. */
const VERSIONS = [0, 1, 2, 3, 4, 5, 6];
const load = createRequire(import.meta.url);

/**
 * Lets kafkajs (2.2.4) live with a partition that has no leader. It throws away all that a broker has told of all topics
 * when one partition has a fault; so no member can join and no record be sent, for as long as that partition is away.
 * Its parsing is told that the partition has none: the leader −1 that comes along says the same. Faults of whole topics
 * stay what they are. Calling it again changes nothing.
 */
export function toleratePartitionFaults(): void {
  for (const version of VERSIONS) {
    const protocol: MetadataProtocol & { tolerant?: true } = load(
      `kafkajs/src/protocol/requests/metadata/v${version}/response`,
    );
    if (protocol.tolerant) continue;
    const { parse } = protocol;
    protocol.parse = (data) => parse(withoutPartitionFaults(data));
    protocol.tolerant = true;
  }
}

function withoutPartitionFaults(data: Metadata): Metadata {
  const topicMetadata = data.topicMetadata.map((topic) => ({
    ...topic,
    partitionMetadata: topic.partitionMetadata.map((partition) => ({
      ...partition,
      partitionErrorCode: NO_ERROR,
    })),
  }));
  return { ...data, topicMetadata };
}
