import { join } from 'node:path';

/** Where one Kafka node listens and keeps its data. */
export interface KafkaNode {
  port: number;
  controllerPort: number;
  /** Folder of the log segments. */
  logFolder: string;
}

/** The `server.properties` of a single KRaft node on the loopback address. */
export function kafkaProperties({ port, controllerPort, logFolder }: KafkaNode): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': logFolder,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 8,
    'group.initial.rebalance.delay.ms': 0,
    // Topics are created by the parts with their own partition counts; a typo must not make one.
    'auto.create.topics.enable': false,
  };
  return `${Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

/** A log4j2 configuration that writes warnings and the broker's state changes to standard output. */
export const KAFKA_LOGGING = `
status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{ISO8601} %p %m (%c{1})%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=info
`.trimStart();

/** The files that a node's folder holds. */
export function kafkaFiles(folder: string) {
  return {
    properties: join(folder, 'server.properties'),
    logging: join(folder, 'log4j2.properties'),
    logFolder: join(folder, 'log'),
    meta: join(folder, 'log', 'meta.properties'),
  };
}
