import { join } from 'node:path';
import type { Member } from '../parts/members.ts';
import type { Guard } from '../processes/guard.ts';
import { createService } from '../processes/service.ts';
import { findAlertmanager, findPrometheus, findPromtool } from '../programs/find.ts';
import type { FindOptions } from '../programs/find-program.ts';
import { monitoringFolder, PROMETHEUS_DATA } from './folders.ts';
import { createPastFiller, type PastFiller } from './past/past-filler.ts';
import { PRODUCTION, type TimeScale } from './scale-rules.ts';
import { alertmanagerService, committedRules, notificationsService, prometheusService } from './services.ts';

/** What can be started beside the stack. */
export const EXTRAS = ['prometheus', 'alertmanager', 'lake'] as const;
/** What can be started beside the stack. */
export type Extra = (typeof EXTRAS)[number];

/** What of the monitoring is wanted. */
export interface Monitoring {
  extras: readonly Extra[];
  scale: TimeScale;
}

/** Where the servers of the monitoring listen, on the loopback address. */
export interface MonitoringPorts {
  prometheus: number;
  alertmanager: number;
  notifications: number;
}

interface MonitoringOptions {
  monitoring: Monitoring;
  ports: MonitoringPorts;
  dataFolder: string;
  find: FindOptions;
  guard: Guard;
  /** The parts of ours, which Prometheus watches. */
  parts: readonly Member[];
  /** File with the key that the exporter asks for; undefined where it asks for none. */
  exporterKeyFile: string | undefined;
}

/**
 * Prometheus, Alertmanager and the page that shows what it sent, as far as they are wanted, and the settings with which they
 * are reached. They start after all they watch and stop before it, so that no alert tells of a stack that is stopped.
 */
export function createMonitoring(options: MonitoringOptions): {
  members: Member[];
  settings: Record<string, string>;
} {
  const { monitoring, ports, dataFolder, find, guard, parts, exporterKeyFile } = options;
  const { extras, scale } = monitoring;
  const place = { folder: dataFolder, guard };
  const urlOf = (port: number) => `http://127.0.0.1:${port}`;
  const addresses = Object.fromEntries(parts.map(({ name, address }) => [name, address]));
  const folderOf = (name: string) => monitoringFolder(dataFolder, name, scale);
  const members: Member[] = [];
  if (extras.includes('alertmanager')) {
    const program = remembered(() => findAlertmanager(find));
    const told = { receiver: `${urlOf(ports.notifications)}/alerts`, scale };
    const server = { find: program, folder: folderOf('alertmanager'), port: ports.alertmanager };
    members.push(
      {
        name: 'notifications',
        title: 'what Alertmanager has sent',
        address: urlOf(ports.notifications),
        needs: [],
        service: createService(notificationsService(ports.notifications, addresses.preview), place),
        ports: [{ owner: 'notifications', variable: 'NOTIFICATIONS_PORT', port: ports.notifications }],
      },
      {
        name: 'alertmanager',
        title: 'groups alerts, and tells of them',
        address: urlOf(ports.alertmanager),
        needs: ['notifications'],
        service: createService(alertmanagerService(server, told), place),
        ports: [{ owner: 'alertmanager', variable: 'ALERTMANAGER_PORT', port: ports.alertmanager }],
        find: program,
      },
    );
  }
  if (extras.includes('prometheus')) {
    const program = remembered(() => findPrometheus(find));
    const server = { find: program, folder: folderOf('prometheus'), port: ports.prometheus };
    const alertmanager = extras.includes('alertmanager') ? `127.0.0.1:${ports.alertmanager}` : undefined;
    members.push({
      name: 'prometheus',
      title: scale === 1 ? 'rules and alerts' : `rules and alerts, ${scale} times as quick`,
      address: urlOf(ports.prometheus),
      needs: [...parts, ...members].map(({ name }) => name),
      service: createService(
        prometheusService(server, { parts: addresses, alertmanager, exporterKeyFile, scale }),
        place,
      ),
      ports: [{ owner: 'prometheus', variable: 'PROMETHEUS_PORT', port: ports.prometheus }],
      find: program,
      ...fillPast(
        createPastFiller(
          { ...sourceOf(addresses), exporterKeyFile },
          {
            findPromtool: () => findPromtool(find),
            storage: join(server.folder, PROMETHEUS_DATA),
            url: urlOf(ports.prometheus),
            ruleFiles: committedRules,
          },
          Date.now,
        ),
        scale,
      ),
    });
  }
  const settings = {
    ...Object.fromEntries(members.map(({ name, address }) => [`${name.toUpperCase()}_URL`, address])),
    ...(members.length > 0 ? { ALERT_TIME_SCALE: String(scale) } : {}),
  };
  return { members, settings };
}

/** Only in production's time has the past hours like those of rules: on a quicker scale a game day makes it. */
function fillPast(filler: PastFiller, scale: TimeScale): Pick<Member, 'before' | 'after'> {
  if (scale !== PRODUCTION) return {};
  return {
    before: async ({ note }, signal) => {
      await filler.fill(note, signal);
    },
    after: filler.record,
  };
}

/** Neither of the exporter and the processor can be left out. */
function sourceOf({ exporter, processor, simulator }: Readonly<Record<string, string>>) {
  return { exporter: exporter!, processor: processor!, simulator };
}

function remembered(search: () => Promise<string>): () => Promise<string> {
  let found: string | undefined;
  return async () => {
    found ??= await search();
    return found;
  };
}
