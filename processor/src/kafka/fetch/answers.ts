import type { FetchedPartition, FetchTarget } from './fetch-request.ts';
import type { Reading } from './reading.ts';
import type { Troubles } from './troubles.ts';

/** What is asked of a broker for one partition. */
export interface Request extends FetchTarget {
  readonly reading: Reading;
}

/** Hands what brokers answer to the readings that asked for it. */
export interface Answers {
  /** Takes the answer to a request. What is wrong with one partition costs that one alone: it rests, and the others go on. */
  take(request: Request, fetched: FetchedPartition): void;
}

/**
 * Builds it.
 * @param options.onServed told of a reading that has got records: others come first now
 * @param options.onLost told of a reading whose position the log does not have any more
 * @param options.onMoved told when a broker does not serve a partition that it was asked for
 * @param options.onRefused told when the broker does not let us read
 */
export function createAnswers(options: {
  readonly troubles: Troubles;
  readonly onServed: (reading: Reading) => void;
  readonly onLost: (reading: Reading) => void;
  readonly onMoved: () => void;
  readonly onRefused: (error: Error) => void;
}): Answers {
  const { troubles, onServed, onLost, onMoved, onRefused } = options;

  /** There is nothing to read, or nothing that can be read yet. */
  const noteNothing = ({ topic, partition }: Reading, offset: number, { end, stable }: FetchedPartition) => {
    if (stable > offset || end <= offset) return troubles.over(topic, partition);
    const waiting = 'a transaction of a producer is open there, and what lies behind it waits for its end';
    troubles.note(topic, partition, new Error(`at offset ${offset} ${waiting}`));
  };
  const takeRecords = ({ reading, offset }: Request, fetched: FetchedPartition) => {
    if (fetched.bytes.length === 0 && reading.wanted() === offset) noteNothing(reading, offset, fetched);
    // One whose first batch did not fit into the answer keeps its turn, and gets it whole when it comes first.
    if (reading.take(offset, fetched)) onServed(reading);
  };
  const take = (request: Request, fetched: FetchedPartition): void => {
    const { reading, offset } = request;
    const { error } = fetched;
    if (error === 'OFFSET_OUT_OF_RANGE' || fetched.divergence) {
      // Unless it was sought elsewhere meanwhile.
      if (reading.wanted() === offset) onLost(reading);
    } else if (error === 'NONE') takeRecords(request, fetched);
    else {
      onMoved();
      const failure = Object.assign(new Error(`Kafka does not let ${reading.topic} be read: ${error}`), {
        type: error,
      });
      if (error.endsWith('_AUTHORIZATION_FAILED')) onRefused(failure);
      throw failure;
    }
  };

  return {
    take: (request, fetched) => {
      const { reading } = request;
      try {
        take(request, fetched);
      } catch (error) {
        reading.rest();
        troubles.note(reading.topic, reading.partition, error as Error);
      }
    },
  };
}
