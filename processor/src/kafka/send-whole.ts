import type { Message, RecordMetadata } from 'kafkajs';
import type { SendRequest } from './sender.ts';

/** A message that says where it goes. */
type PlacedMessage = Message & { readonly partition: number };

/**
 * Sends a request of kafkajs (2.2.4) until each of its partitions has been answered for. When a partition's leader moves
 * between two of its attempts, to a broker that has answered the first one, kafkajs takes the partition for stored and
 * reports success without having sent it there. Its answer does not name such a partition; that one is sent again.
 * Messages without a partition can't be followed, and are left to kafkajs.
 * @param send kafkajs' own `send`, of a producer or a transaction
 * @throws what `send` throws; an error when the brokers answer for none of the partitions
 */
export async function sendWhole(
  send: (request: SendRequest) => Promise<readonly RecordMetadata[]>,
  request: SendRequest,
): Promise<void> {
  let left = request.messages;
  do {
    const answered = new Set((await send({ ...request, messages: left })).map(({ partition }) => partition));
    const unanswered = left.filter(
      (message): message is PlacedMessage =>
        message.partition !== undefined && !answered.has(message.partition),
    );
    if (unanswered.length === left.length && left.length > 0) {
      const partitions = [...new Set(unanswered.map(({ partition }) => partition))].join(', ');
      throw new Error(`no broker has answered for these partitions of ${request.topic}: ${partitions}`);
    }
    left = unanswered;
  } while (left.length > 0);
}
