import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import type { ServiceSpec } from '../processes/service.ts';
import { alertmanagerConfig } from './alertmanager-config.ts';
import { PROMETHEUS_DATA } from './folders.ts';
import { prometheusConfig, type Watched } from './prometheus-config.ts';
import { scaleRules, type TimeScale } from './scale-rules.ts';

const READY_TIMEOUT_MS = 1000;
const START_TIMEOUT_MS = 60_000;
const PROVISIONING = join(ROOT, 'provisioning');
/** The folders of rules, below `provisioning/prometheus`. */
const RULES = ['rules', 'own-rules'];

/** As much as the rules look back (three weeks), and a little more. */
const RETENTION = '30d';
/** Prometheus' own default. */
const RESEND_S = 60;

/** A server of the monitoring: how it is found, where its files are, where it listens. */
interface Place {
  /** Finds the executable. */
  find(): Promise<string>;
  /** Folder for its configuration and data. */
  folder: string;
  port: number;
}

/** Prometheus over the parts that run, with the committed rules on the time scale. */
export function prometheusService(
  { find, folder, port }: Place,
  watched: Omit<Watched, 'self' | 'ruleFiles' | 'folder'>,
): ServiceSpec {
  const self = `127.0.0.1:${port}`;
  return {
    name: 'prometheus',
    async launch() {
      await mkdir(folder, { recursive: true });
      const source = join(PROVISIONING, 'prometheus');
      const committed = await readFile(join(source, 'local.yml'), 'utf8');
      const ruleFiles = await Promise.all(RULES.map((name) => putRules(name, folder, watched.scale)));
      const config = join(folder, 'prometheus.yml');
      await writeFile(config, prometheusConfig(committed, { ...watched, folder: source, self, ruleFiles }));
      const args = [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, PROMETHEUS_DATA)}`,
        `--storage.tsdb.retention.time=${RETENTION}`,
        `--web.listen-address=${self}`,
        // The orders that counters name.
        '--enable-feature=exemplar-storage',
        // An alert that fires before Alertmanager is found, in the first five seconds, is sent again after this.
        `--rules.alert.resend-delay=${Math.round(RESEND_S / watched.scale)}s`,
        '--log.level=warn',
      ];
      return { command: await find(), args, env: process.env };
    },
    isReady: () => isReady(self),
    startTimeoutMs: START_TIMEOUT_MS,
    stopGraceMs: 3500,
  };
}

/** The files of the committed rules and of those of one's own. */
export async function committedRules(): Promise<string[]> {
  const found = RULES.map(async (name) => {
    const folder = join(PROVISIONING, 'prometheus', name);
    const files = await readdir(folder).catch(() => []);
    return files.filter((file) => file.endsWith('.yml')).map((file) => join(folder, file));
  });
  return (await Promise.all(found)).flat();
}

/** Alertmanager with the committed routes; what nobody would be told goes to `receiver`. */
export function alertmanagerService(
  { find, folder, port }: Place,
  { receiver, scale }: { receiver: string; scale: TimeScale },
): ServiceSpec {
  const self = `127.0.0.1:${port}`;
  return {
    name: 'alertmanager',
    async launch() {
      await mkdir(folder, { recursive: true });
      const source = join(PROVISIONING, 'alertmanager');
      const committed = await readFile(join(source, 'alertmanager.yml'), 'utf8');
      const config = join(folder, 'alertmanager.yml');
      const templates = join(source, 'templates', '*.tmpl');
      await writeFile(config, alertmanagerConfig(committed, { receiver, templates, scale }));
      const args = [
        `--config.file=${config}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=${self}`,
        // One alone: it looks for no others, and opens no port for them.
        '--cluster.listen-address=',
        '--log.level=warn',
      ];
      return { command: await find(), args, env: process.env };
    },
    isReady: () => isReady(self),
    startTimeoutMs: START_TIMEOUT_MS,
    stopGraceMs: 3500,
  };
}

/** The page that shows what Alertmanager has sent. @param dashboards where the dashboards are; undefined where none run */
export function notificationsService(port: number, dashboards: string | undefined): ServiceSpec {
  return {
    name: 'notifications',
    async launch() {
      return {
        command: process.execPath,
        args: [join(ROOT, 'local/src/notifications/main.ts')],
        env: {
          ...process.env,
          NOTIFICATIONS_PORT: String(port),
          ...(dashboards === undefined ? {} : { PREVIEW_URL: dashboards }),
        },
      };
    },
    isReady: () => isReady(`127.0.0.1:${port}`),
    startTimeoutMs: START_TIMEOUT_MS,
    stopGraceMs: 2000,
  };
}

/** Writes the rules of a committed folder on the time scale into `folder`. @returns the pattern of the files */
async function putRules(name: string, folder: string, scale: TimeScale): Promise<string> {
  const source = join(PROVISIONING, 'prometheus', name);
  if (scale === 1) return join(source, '*.yml');
  const target = join(folder, name);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const files = (await readdir(source).catch(() => [])).filter((file) => file.endsWith('.yml'));
  for (const file of files) {
    const text = await readFile(join(source, file), 'utf8');
    await writeFile(join(target, file), scaleRules(text, scale));
  }
  return join(target, '*.yml');
}

async function isReady(address: string): Promise<boolean> {
  const response = await fetch(`http://${address}/-/ready`, {
    signal: AbortSignal.timeout(READY_TIMEOUT_MS),
  });
  await response.body?.cancel();
  return response.ok;
}
