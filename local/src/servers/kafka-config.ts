import { join } from 'node:path';

/** A node's place in a cluster of several. */
export interface ClusterPlace {
  /** Kafka's id of the cluster, which all nodes are formatted with. */
  clusterId: string;
  /** The `node.id`, from 1 on. */
  nodeId: number;
  /** The nodes that are controllers too: `node.id` to controller port. */
  controllers: ReadonlyMap<number, number>;
  /** How many nodes there are: the internal topics have up to three replicas. */
  nodes: number;
}

/** Where one Kafka node listens and keeps its data. */
export interface KafkaNode {
  port: number;
  controllerPort: number;
  /** Folder of the log segments. */
  logFolder: string;
  /** True for a node that serves for minutes at most. @default false */
  shortLived?: boolean;
  /** @default a cluster of one */
  place?: Omit<ClusterPlace, 'clusterId'>;
  /** Further lines of `server.properties`; they go over ours. */
  properties?: Readonly<Record<string, string | number | boolean>>;
}

/** Threads of a node that few clients ask: with the eight and three of the defaults it takes half more to do nothing. */
const SHORT_LIVED = { 'num.io.threads': 2, 'num.network.threads': 1 };

/** The `server.properties` of a KRaft node on the loopback address: one of a cluster, or one alone. */
export function kafkaProperties({
  port,
  controllerPort,
  logFolder,
  shortLived = false,
  place,
  properties,
}: KafkaNode): string {
  const { nodeId, controllers, nodes } = place ?? {
    nodeId: 1,
    controllers: new Map([[1, controllerPort]]),
    nodes: 1,
  };
  const isController = controllers.has(nodeId);
  const listeners = [`PLAINTEXT://127.0.0.1:${port}`];
  if (isController) listeners.push(`CONTROLLER://127.0.0.1:${controllerPort}`);
  const replicas = Math.min(3, nodes);
  const inSync = Math.min(2, nodes);
  const settings = {
    'process.roles': isController ? 'broker,controller' : 'broker',
    'node.id': nodeId,
    'controller.quorum.voters': [...controllers].map(([id, at]) => `${id}@127.0.0.1:${at}`).join(),
    listeners: listeners.join(),
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': logFolder,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 8,
    'group.initial.rebalance.delay.ms': 0,
    // Topics are created by the parts with their own partition counts; a typo must not make one.
    'auto.create.topics.enable': false,
    // Else a controller writes a record that says nothing twice a second, for brokers elsewhere that wait for one.
    ...(nodes === 1 ? { 'metadata.max.idle.interval.ms': 0 } : {}),
    ...(shortLived ? SHORT_LIVED : {}),
    ...properties,
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

/** The `meta.properties` of a formatted folder. @param directoryId names the folder, in the form of a cluster's id */
export function metaProperties(clusterId: string, nodeId: number, directoryId: string): string {
  return `version=1\ncluster.id=${clusterId}\nnode.id=${nodeId}\ndirectory.id=${directoryId}\n`;
}

/** The files that a node's folder holds. */
export function kafkaFiles(folder: string) {
  return {
    properties: join(folder, 'server.properties'),
    logging: join(folder, 'log4j2.properties'),
    logFolder: join(folder, 'log'),
    meta: join(folder, 'log', 'meta.properties'),
    checkpoint: join(folder, 'log', 'bootstrap.checkpoint'),
  };
}
