import { join } from 'node:path';
import { createMonitoring, type Monitoring } from '../monitoring/members.ts';
import type { Guard } from '../processes/guard.ts';
import type { WantedPort } from '../processes/require-free-ports.ts';
import { createService, type Service } from '../processes/service.ts';
import type { FindOptions } from '../programs/find-program.ts';
import { createServers, type Servers } from '../servers/start-servers.ts';
import type { StackSettings } from '../settings.ts';
import type { StackReport } from './keep-up.ts';
import { partService, partUrl } from './part-service.ts';
import { type MemberName, type PartName, STACK } from './stack.ts';
import { stackSettings } from './stack-settings.ts';

/** Memory that the exporter of a stack with a lake may take for the lake's rows. */
const DEPTH_MB = '512';

/** One line of the running stack: a server or a part of ours. */
export interface Member {
  name: MemberName;
  title: string;
  /** Where it is reached, without a login. */
  address: string;
  needs: readonly MemberName[];
  /** Undefined for a server that was given by address: it is not started and not stopped. */
  service: Service | undefined;
  /** The ports that it will listen on. */
  ports: WantedPort[];
  /** Finds or fetches the program of a server ahead of its start. */
  find?: () => Promise<unknown>;
  /** True when it serves something that must be built first. */
  isBuilt?: boolean;
  /** What is done once all that it needs is up, before it starts. */
  before?: (report: Pick<StackReport, 'note'>, signal: AbortSignal) => Promise<void>;
  /** What is done once it is up, while everything else goes on. */
  after?: () => Promise<void>;
}

/** What the members are made from. */
export interface MembersOptions {
  environment: NodeJS.ProcessEnv;
  settings: StackSettings;
  dataFolder: string;
  find: FindOptions;
  guard: Guard;
  /** Parts that are left out. @default none */
  without?: readonly PartName[];
  /** What watches the stack. @default nothing */
  monitoring?: Monitoring;
}

/** The whole stack, in its order, with nothing started, and the settings with which it is reached. */
export function createMembers(options: MembersOptions): {
  members: Member[];
  settings: Record<string, string>;
} {
  const { environment, settings, dataFolder, find, guard, without = [] } = options;
  const extras = options.monitoring?.extras ?? [];
  const parts = STACK.filter(
    ({ name, extra }) => !without.includes(name) && (extra === undefined || extras.includes(extra)),
  );
  const servers = createServers({ dataDir: dataFolder, ports: settings.ports, find }, guard);
  const reached: Record<string, string> = {
    ...stackSettings(environment, settings, parts),
    ...(extras.includes('lake')
      ? {
          LAKE_LOCATION: environment.LAKE_LOCATION || join(dataFolder, 'lake'),
          EXPORTER_DEPTH_MB: environment.EXPORTER_DEPTH_MB || DEPTH_MB,
        }
      : {}),
  };
  const partEnvironment = environmentOfParts(options, reached);
  const ofParts = parts.map((part): Member => {
    const url = partUrl(part, partEnvironment);
    const service = createService(partService(part, partEnvironment), { folder: dataFolder, guard });
    const variable = `${part.name.toUpperCase()}_PORT`;
    const ports = [{ owner: part.name, variable, port: Number(new URL(url).port) }];
    const { name, title, needs, isBuilt = false } = part;
    return { name, title, address: url, needs, service, ports, isBuilt };
  });
  const watching = options.monitoring
    ? createMonitoring({
        ...options,
        ...{ monitoring: options.monitoring, ports: settings.ports, parts: ofParts },
        exporterKeyFile: reached.EXPORTER_API_KEY_FILE,
      })
    : { members: [], settings: {} };
  const members: Member[] = [
    kafkaMember(settings, servers),
    mongodbMember(settings, servers, environment),
    ...ofParts,
    ...watching.members,
  ];
  return { members, settings: { ...reached, ...watching.settings } };
}

/**
 * The environment that parts are started with: what is set, where servers and parts are reached, and, for the preview, where
 * the Prometheus is that watches them. One that is set is another one's.
 */
export function environmentOfParts(
  { environment, settings, monitoring }: Pick<MembersOptions, 'environment' | 'settings' | 'monitoring'>,
  reached: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const watching = monitoring?.extras.includes('prometheus')
    ? { PROMETHEUS_URL: `http://127.0.0.1:${settings.ports.prometheus}` }
    : {};
  return { ...watching, ...environment, ...reached };
}

function kafkaMember({ given, ports }: StackSettings, { kafka: service, find }: Servers): Member {
  const base = { name: 'kafka', title: 'event log', needs: [] } as const;
  if (given.kafka) return { ...base, address: given.kafka, service: undefined, ports: [] };
  const wanted = [
    { owner: 'kafka', variable: 'KAFKA_PORT', port: ports.kafka },
    { owner: "kafka's controller", variable: 'KAFKA_CONTROLLER_PORT', port: ports.kafkaController },
  ];
  return { ...base, address: `127.0.0.1:${ports.kafka}`, service, ports: wanted, find: find.kafka };
}

function mongodbMember(
  { given, ports }: StackSettings,
  { mongo: service, find }: Servers,
  environment: NodeJS.ProcessEnv,
): Member {
  const base = { name: 'mongodb', title: 'state and metrics', needs: [] } as const;
  if (given.mongodb)
    return { ...base, address: withoutLogin(environment.MONGODB_URI), service: undefined, ports: [] };
  const wanted = [{ owner: 'mongodb', variable: 'MONGODB_PORT', port: ports.mongodb }];
  return { ...base, address: `127.0.0.1:${ports.mongodb}`, service, ports: wanted, find: find.mongo };
}

/** The hosts of a connection string, without user, password and options. */
function withoutLogin(uri: string | undefined): string {
  return (
    uri?.replace(/^mongodb(\+srv)?:\/\/([^@/]*@)?/, '').replace(/[/?].*$/, '') ?? 'as MONGODB_URI_FILE says'
  );
}
