import type { TopicName } from '@storepulse/contracts';
import type { OutputRecord, Sender } from './port.ts';

interface Asked {
  readonly records: readonly OutputRecord[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A sender that sends together what is asked for in the same turn, for topics whose records may be repeated: tasks that
 * were committed together announce their changes at the same time, a request costs about the same for all of them, and
 * who reads the topic gets them at once. Where that fails, each is sent alone, so that everybody gets the error of its own
 * records.
 * @param topics records of all others are sent as they are asked for
 * @param lessOf leaves out of the records of several what the others say. @default all are sent
 */
export function sendTogether(
  sender: Sender,
  topics: readonly TopicName[],
  lessOf: (records: readonly OutputRecord[]) => readonly OutputRecord[] = (records) => records,
): Sender {
  const waiting = new Map<TopicName, Asked[]>();

  const sendAll = async (topic: TopicName, asked: readonly Asked[]): Promise<void> => {
    if (asked.length > 1) {
      try {
        await sender.send(topic, lessOf(asked.flatMap(({ records }) => records)));
        for (const { done } of asked) done();
        return;
      } catch {
        // Whose records it was that failed is found out below.
      }
    }
    await Promise.all(
      asked.map(({ records, done, failed }) => sender.send(topic, records).then(done, failed)),
    );
  };
  const begin = (topic: TopicName) => {
    const asked = waiting.get(topic)!;
    waiting.delete(topic);
    void sendAll(topic, asked);
  };

  return {
    send: (topic, records) => {
      if (!topics.includes(topic)) return sender.send(topic, records);
      return new Promise((done, failed) => {
        const asked = waiting.get(topic);
        if (asked) asked.push({ records, done, failed });
        else {
          waiting.set(topic, [{ records, done, failed }]);
          setImmediate(begin, topic);
        }
      });
    },
  };
}
