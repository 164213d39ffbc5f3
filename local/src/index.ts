/** Real servers and the parts of Storepulse as processes on this machine, for `npm start` and for tests alike. */
export { LocalError, type LocalErrorCode } from './errors.ts';
export type { PartName } from './parts/stack.ts';
export { type RunningPart, startPart } from './parts/start-part.ts';
export { freePorts } from './processes/free-ports.ts';
export type { Exit, Service } from './processes/service.ts';
export type { Browser } from './programs/browser.ts';
export { findBrowser, findPromtool } from './programs/find.ts';
export {
  type ClusterNode,
  type KafkaCluster,
  type KafkaClusterOptions,
  startKafkaCluster,
} from './servers/kafka-cluster.ts';
export {
  type MongoCluster,
  type MongoClusterOptions,
  type MongoMember,
  startMongoCluster,
} from './servers/mongo-cluster.ts';
export {
  type RunningServers,
  type ServerPorts,
  type StartServersOptions,
  startServers,
} from './servers/start-servers.ts';
export { type ServerAddresses, sharedServers } from './testing/shared-servers.ts';
