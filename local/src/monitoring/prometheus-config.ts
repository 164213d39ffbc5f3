import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { durationOf, millisecondsOf, type TimeScale } from './scale-rules.ts';

/** What a local Prometheus is made to watch. */
export interface Watched {
  /** Folder of the committed configuration, from which its files are named. */
  folder: string;
  /** Where the parts answer, by name, e.g. `http://127.0.0.1:9464`; those that do not run are missing. */
  parts: Readonly<Record<string, string>>;
  /** Where Prometheus itself listens, e.g. `127.0.0.1:9090`. */
  self: string;
  /** Where Alertmanager listens; undefined where there is none. */
  alertmanager: string | undefined;
  /** File with the key that the exporter asks for; undefined where it asks for none. */
  exporterKeyFile?: string | undefined;
  /** Patterns of files with rules. */
  ruleFiles: readonly string[];
  scale: TimeScale;
}

interface Job {
  job_name: string;
  scheme?: string;
  /** With a key of one's own, in a file beside the committed configuration. */
  authorization?: { credentials_file?: string };
  static_configs: { targets: string[] }[];
}

interface Config {
  /** Intervals alone. */
  global: Readonly<Record<string, string>>;
  rule_files: readonly string[];
  alerting?: unknown;
  scrape_configs: Job[];
}

const JOB_OF_PART = /^storepulse-(.+)$/;

/** No scrape more often than once a second. */
const LEAST_INTERVAL_MS = 1000;

/**
 * The committed configuration with the addresses of the stack that runs, and the intervals of the time scale.
 * @param committed `provisioning/prometheus/local.yml`
 */
export function prometheusConfig(committed: string, watched: Watched): string {
  const { folder, parts, self, alertmanager, exporterKeyFile, ruleFiles, scale } = watched;
  const document = parseDocument(committed);
  const config = document.toJS() as Config;
  const shorter = (duration: string) =>
    durationOf(Math.max(LEAST_INTERVAL_MS, Math.round(millisecondsOf(duration) / scale)));
  const intervals = Object.fromEntries(
    Object.entries(config.global).map(([name, duration]) => [name, shorter(duration)]),
  );
  const jobs = config.scrape_configs.flatMap((job) => {
    const part = JOB_OF_PART.exec(job.job_name)?.[1];
    if (part === undefined) return [{ ...job, static_configs: [{ targets: [self] }] }];
    const url = parts[part];
    if (url === undefined) return [];
    const { protocol, host } = new URL(url);
    const keyFile = part === 'exporter' ? exporterKeyFile : undefined;
    return [
      {
        ...job,
        ...keyOf(job, folder, keyFile),
        scheme: protocol.replace(':', ''),
        static_configs: [{ targets: [host] }],
      },
    ];
  });
  document.set('global', intervals);
  document.set('rule_files', ruleFiles);
  document.set('scrape_configs', jobs);
  if (alertmanager === undefined) document.delete('alerting');
  else document.set('alerting', { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] });
  return document.toString({ lineWidth: 0 });
}

/** The key of a scrape: of the environment, else of the configuration. */
function keyOf(
  { authorization }: Job,
  folder: string,
  keyFile: string | undefined,
): Pick<Job, 'authorization'> {
  const file = keyFile ?? authorization?.credentials_file;
  return file === undefined
    ? {}
    : { authorization: { ...authorization, credentials_file: resolve(folder, file) } };
}
