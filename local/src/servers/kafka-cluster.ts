import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError } from '../errors.ts';
import { freePorts } from '../processes/free-ports.ts';
import { createGuard } from '../processes/guard.ts';
import { createService, type Service } from '../processes/service.ts';
import { findKafka } from '../programs/find.ts';
import type { FindOptions } from '../programs/find-program.ts';
import { kafkaService, randomClusterId, servingNodes } from './kafka.ts';
import type { KafkaNode } from './kafka-config.ts';
import { startTogether } from './start-together.ts';

/** Which cluster to start, and where. */
export interface KafkaClusterOptions {
  /** Folder for the nodes' data, logs and pid files. */
  dataDir: string;
  /** How many nodes; all are brokers. @default 3 */
  nodes?: number;
  /**
   * Which of them are controllers too, by `node.id`. A broker that is none can be killed without an election of
   * controllers; of three controllers, two must run. @default all of three nodes or more, the first of fewer
   */
  controllers?: readonly number[];
  /** Java heap of each node in MB. @default 256 */
  heapMb?: number;
  /** Further lines of each node's `server.properties`; they go over ours. */
  properties?: KafkaNode['properties'];
  /** The same for one node, by its `node.id`. */
  propertiesOf?: (nodeId: number) => KafkaNode['properties'];
  /** How programs are found or fetched; by default from this process's environment, showing nothing. */
  find?: FindOptions;
}

/** One node of a running cluster: `stop`, `kill`, `start`, `restart`; it keeps its port and data. */
export interface ClusterNode extends Service {
  /** Kafka's `node.id`, from 1 on. */
  readonly nodeId: number;
  /** Where it listens, on the loopback address. */
  readonly port: number;
}

/** A cluster that serves. */
export interface KafkaCluster extends AsyncDisposable {
  /** For `KAFKA_BROKERS`: all nodes, comma-separated. */
  readonly brokers: string;
  /** In the order of their ids. */
  readonly nodes: readonly ClusterNode[];
  /** The node of this id. */
  node(nodeId: number): ClusterNode;
  /** Returns once every node knows all nodes to serve. @throws {LocalError} `start_failed` after a minute */
  untilComplete(): Promise<void>;
  /** Ends all nodes; the data folder stays. */
  stop(): Promise<void>;
}

const COMPLETE_MS = 60_000;
const POLL_MS = 200;

/**
 * Starts a Kafka cluster of several KRaft nodes on the loopback address, for minutes at most, and returns when all of
 * them serve. They end with this process, however it ends. The internal topics have up to three replicas, of which two
 * must be in sync.
 * @throws {LocalError} when Kafka can't be had or a node does not start
 */
export async function startKafkaCluster(options: KafkaClusterOptions): Promise<KafkaCluster> {
  const { dataDir, nodes: count = 3, heapMb = 256, properties, propertiesOf = () => ({}) } = options;
  const ids = Array.from({ length: count }, (_, n) => n + 1);
  const isController = new Set(options.controllers ?? (count < 3 ? [1] : ids));
  const ports = await freePorts(2 * count);
  const portOf = (nodeId: number) => ports[nodeId - 1]!;
  const controllerPortOf = (nodeId: number) => ports[count + nodeId - 1]!;
  const controllers = new Map(
    ids.filter((id) => isController.has(id)).map((id) => [id, controllerPortOf(id)]),
  );
  const clusterId = randomClusterId();
  const { java, libs, warmStart } = await findKafka(options.find);
  const find = async () => ({ java: java.program, libs: libs.program, warmStart });
  const guard = createGuard();

  const nodes = ids.map((nodeId): ClusterNode => {
    const service = createService(
      kafkaService({
        find,
        folder: join(dataDir, `kafka-${nodeId}`),
        port: portOf(nodeId),
        controllerPort: controllerPortOf(nodeId),
        heapMb,
        shortLived: true,
        place: { clusterId, nodeId, controllers, nodes: count },
        properties: { ...properties, ...propertiesOf(nodeId) },
      }),
      { folder: dataDir, guard },
    );
    return Object.assign(service, { nodeId, port: portOf(nodeId) });
  });

  const isComplete = async () => {
    const seen = await Promise.all(nodes.map(({ port }) => servingNodes(port).catch(() => [])));
    return seen.every((serving) => serving.length === count);
  };
  const untilComplete = async () => {
    const deadline = Date.now() + COMPLETE_MS;
    while (!(await isComplete())) {
      if (Date.now() > deadline) {
        throw new LocalError(
          'start_failed',
          `The ${count} nodes of Kafka don't all know each other after a minute.`,
        );
      }
      await sleep(POLL_MS);
    }
  };
  const stop = await startTogether(nodes, guard, untilComplete);
  return {
    brokers: nodes.map(({ port }) => `127.0.0.1:${port}`).join(),
    nodes,
    node: (nodeId) => nodes[nodeId - 1]!,
    untilComplete,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
