import type { Logger } from 'pino';
import { RecordsTooLarge } from '../errors.ts';
import type { Kafka, OutputRecord, Sender } from '../kafka/port.ts';
import type { Telemetry } from '../operate/telemetry.ts';

/** Publishes merged windows on the topic `metrics`, those of a partition of notices in one transaction at a time. */
export interface Publisher {
  /**
   * Publishes what was merged.
   * @param partition of the notices
   * @param further whether they are further documents of windows: these have a sender of their own
   * @throws Kafka's error; a window that is too large for the topic is passed over, told and counted
   */
  publish(partition: number, records: readonly OutputRecord[], further?: 'further'): Promise<void>;
  /** Closes the senders of all other partitions. */
  keepOnly(partitions: readonly number[]): void;
  close(): Promise<void>;
}

/** Builds it; a sender is opened with the first record of its partition. @param options.group the group that merges */
export function createPublisher(options: {
  readonly kafka: Pick<Kafka, 'transactionalSender'>;
  readonly group: string;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}): Publisher {
  const { kafka, group, logger, telemetry } = options;
  const senders = new Map<string, Promise<Sender & { close(): Promise<void> }>>();

  const senderOf = (name: string) => {
    let sender = senders.get(name);
    if (!sender) {
      sender = kafka.transactionalSender(`${group}.${name}`);
      // One that could not be had is asked for anew.
      sender.catch(() => senders.delete(name));
      senders.set(name, sender);
    }
    return sender;
  };
  const drop = async (name: string) => {
    const sender = senders.get(name);
    senders.delete(name);
    await sender?.then((it) => it.close()).catch(() => undefined);
  };
  /** A window that is too large for the topic must not keep all others of its partition waiting. */
  const passOver = (error: unknown) => {
    if (!(error instanceof RecordsTooLarge)) throw error;
    telemetry.tooLarge.inc(error.keys.length);
    logger.error(
      { err: error, windows: error.keys },
      'windows are not on the topic: raise its max.message.bytes',
    );
  };

  return {
    publish: async (partition, records, further) => {
      const name = further ? `${partition}.further` : `${partition}`;
      try {
        const sender = await senderOf(name);
        await sender.send('metrics', records).catch(passOver);
      } catch (error) {
        await drop(name);
        throw error;
      }
      telemetry.merged.inc(records.length);
    },
    keepOnly: (partitions) => {
      for (const name of senders.keys()) {
        if (!partitions.includes(Number.parseInt(name, 10))) void drop(name);
      }
    },
    close: async () => {
      await Promise.all([...senders.keys()].map(drop));
    },
  };
}
