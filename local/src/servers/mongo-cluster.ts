import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError } from '../errors.ts';
import { freePorts } from '../processes/free-ports.ts';
import { createGuard } from '../processes/guard.ts';
import { createService, type Service } from '../processes/service.ts';
import { findMongod } from '../programs/find.ts';
import type { FindOptions } from '../programs/find-program.ts';
import { mongodService } from './mongod.ts';
import { onServer, REPLICA_SET } from './replica-set.ts';
import { startTogether } from './start-together.ts';

/** Which replica set to start, and where. */
export interface MongoClusterOptions {
  /** Folder for the members' data, logs and pid files. */
  dataDir: string;
  /** How many members; each may become the primary. @default 3 */
  members?: number;
  /** WiredTiger's cache of each member in GB. @default 0.25 */
  cacheGb?: number;
  /** After so long without word from the primary the others elect a new one, in ms. @default 2000 */
  electionTimeoutMs?: number;
  /** How programs are found or fetched; by default from this process's environment, showing nothing. */
  find?: FindOptions;
}

/** One member of a running replica set: `stop`, `kill`, `start`, `restart`; it keeps its port and data. */
export interface MongoMember extends Service {
  /** From 1 on. */
  readonly member: number;
  /** Where it listens, on the loopback address. */
  readonly port: number;
  /** Connects to this member alone; reads of it need `readPreference=secondaryPreferred`. */
  readonly uri: string;
  /** Lets it receive what the primary writes, and not apply it: as a secondary, it lags until `catchUp`. */
  lag(): Promise<void>;
  catchUp(): Promise<void>;
}

/** A replica set that has a primary. */
export interface MongoCluster extends AsyncDisposable {
  /** For `MONGODB_URI`: all members and the name of the set. */
  readonly uri: string;
  /** In order. */
  readonly members: readonly MongoMember[];
  /** Waits for a primary that a majority has elected. @throws {LocalError} `start_failed` after a minute */
  primary(): Promise<MongoMember>;
  /** The members that serve and are not the primary. */
  secondaries(): Promise<MongoMember[]>;
  /** Has the primary give its place to another member, and waits for that one. @returns the new primary */
  stepDown(): Promise<MongoMember>;
  /** Returns once all members serve, as primary or secondary. @throws {LocalError} `start_failed` after a minute */
  untilComplete(): Promise<void>;
  /** Ends all members; the data folder stays. */
  stop(): Promise<void>;
}

const DEADLINE_MS = 60_000;
const POLL_MS = 100;
/** A primary that has stepped down does not stand for election for so long. */
const STEP_DOWN_SECONDS = 10;

/**
 * Starts a replica set of several mongods on the loopback address, for minutes at most, and returns when all of them
 * serve. They end with this process, however it ends.
 * @throws {LocalError} when MongoDB can't be had or a member does not start
 */
export async function startMongoCluster(options: MongoClusterOptions): Promise<MongoCluster> {
  const { dataDir, members: count = 3, cacheGb = 0.25, electionTimeoutMs = 2000 } = options;
  const ports = await freePorts(count);
  const mongod = (await findMongod(options.find)).program;
  const guard = createGuard();
  const members = ports.map((port, n) => createMember(n + 1, port));

  function createMember(member: number, port: number): MongoMember {
    const service = createService(
      mongodService({
        find: async () => mongod,
        folder: join(dataDir, `mongodb-${member}`),
        port,
        cacheGb,
        member,
        // Else no fail point can be set.
        parameters: { enableTestCommands: 1 },
      }),
      { folder: dataDir, guard },
    );
    const applying = (mode: 'off' | 'alwaysOn') =>
      onServer(port, (admin) => admin.command({ configureFailPoint: 'rsSyncApplyStop', mode }));
    return Object.assign(service, {
      member,
      port,
      uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
      lag: async () => void (await applying('alwaysOn')),
      catchUp: async () => void (await applying('off')),
    });
  }

  const states = () =>
    Promise.all(
      members.map(async (member) => {
        const hello = await onServer(member.port, (admin) => admin.command({ hello: 1 })).catch(
          () => undefined,
        );
        return {
          member,
          isPrimary: hello?.isWritablePrimary === true,
          isSecondary: hello?.secondary === true,
        };
      }),
    );
  const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > deadline)
        throw new LocalError('start_failed', `The replica set of ${count} ${what} after a minute.`);
      await sleep(POLL_MS);
    }
  };
  /** Of two that take themselves for it, an old one can't confirm a majority write. */
  const isConfirmed = ({ port }: MongoMember) =>
    onServer(port, (admin) =>
      admin.command({
        appendOplogNote: 1,
        data: { confirms: 'primary' },
        writeConcern: { w: 'majority', wtimeout: 1000 },
      }),
    ).then(
      ({ writeConcernError }) => writeConcernError === undefined,
      () => false,
    );
  const primary = () =>
    until('has no primary', async () => {
      for (const { member, isPrimary } of await states())
        if (isPrimary && (await isConfirmed(member))) return member;
      return undefined;
    });
  const untilComplete = async () => {
    await until('is not complete', async () => {
      const found = await states();
      return found.every(({ isPrimary, isSecondary }) => isPrimary || isSecondary) || undefined;
    });
  };
  const initiate = () =>
    onServer(members[0]!.port, (admin) =>
      admin.command({
        replSetInitiate: {
          _id: REPLICA_SET,
          members: members.map(({ port }, _id) => ({ _id, host: `127.0.0.1:${port}` })),
          settings: {
            electionTimeoutMillis: electionTimeoutMs,
            heartbeatIntervalMillis: 500,
            // A secondary that reads from a lagging one would lag too, for as long as 30 s, and no majority be left.
            chainingAllowed: false,
          },
        },
      }),
    );
  const stop = await startTogether(members, guard, async () => {
    await initiate();
    await primary();
    await untilComplete();
  });
  return {
    uri: `mongodb://${members.map(({ port }) => `127.0.0.1:${port}`).join()}/?replicaSet=${REPLICA_SET}`,
    members,
    primary,
    secondaries: async () =>
      (await states()).filter(({ isSecondary }) => isSecondary).map(({ member }) => member),
    stepDown: async () => {
      const { port } = await primary();
      // It closes its connections, which fails the command.
      await onServer(port, (admin) => admin.command({ replSetStepDown: STEP_DOWN_SECONDS })).catch(
        () => undefined,
      );
      return primary();
    },
    untilComplete,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
