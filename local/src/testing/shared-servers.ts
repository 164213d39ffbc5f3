import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers } from '../servers/start-servers.ts';

/** Tells test files where the servers are that a run has started for all of them. */
const VARIABLE = 'STOREPULSE_TEST_SERVERS';

/** Where test servers listen. */
export interface ServerAddresses {
  /** For `KAFKA_BROKERS`. */
  readonly kafkaBrokers: string;
  /** For `MONGODB_URI`. */
  readonly mongoUri: string;
}

/** A Kafka and a MongoDB for all test files of a run that neither stop nor kill them. */
export interface SharedServers extends AsyncDisposable {
  /** To be added to the environment of the test files. */
  readonly variables: Readonly<Record<string, string>>;
}

/** They hold what several test files write at once. */
const KAFKA_HEAP_MB = 768;
const MONGO_CACHE_GB = 1;

/** Starts them in a folder that goes away with them. @throws {LocalError} when one can't be had or does not start */
export async function startSharedServers(): Promise<SharedServers> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-shared-'));
  const remove = () => rm(folder, { recursive: true });
  const servers = await startServers({
    dataDir: folder,
    kafkaHeapMb: KAFKA_HEAP_MB,
    mongoCacheGb: MONGO_CACHE_GB,
    shortLived: true,
  }).catch(async (error) => {
    await remove();
    throw error;
  });
  const { kafkaBrokers, mongoUri } = servers;
  return {
    variables: { [VARIABLE]: JSON.stringify({ kafkaBrokers, mongoUri } satisfies ServerAddresses) },
    [Symbol.asyncDispose]: async () => {
      await servers.stop();
      await remove();
    },
  };
}

/** The servers that this run has started for its test files; undefined for a file that is run by itself. */
export function sharedServers(environment: NodeJS.ProcessEnv): ServerAddresses | undefined {
  const text = environment[VARIABLE];
  return text === undefined ? undefined : (JSON.parse(text) as ServerAddresses);
}
