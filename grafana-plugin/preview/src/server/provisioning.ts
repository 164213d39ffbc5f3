import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { parse as parseYaml } from 'yaml';
import { PreviewError } from './errors.ts';
import { expandVariables, type Variables } from './expandVariables.ts';
import { Dashboard, DataSourcesFile, type ProvisionedDataSource } from './provisioningSchema.ts';

/**
 * Reads the data sources of a provisioning folder, with variables replaced in their settings.
 * @throws {PreviewError} naming the file and the place in it that does not fit
 */
export async function readDataSources(
  folder: string,
  variables: Variables,
): Promise<ProvisionedDataSource[]> {
  const files = await readFiles(join(folder, 'datasources'), '.yaml');
  return files.flatMap(({ path, text }) =>
    check(DataSourcesFile, parse(path, text, parseYaml), path).datasources.map((source) => ({
      ...withoutTls(source, path),
      ...(source.url === undefined ? {} : { url: expandVariables(source.url, variables) }),
      jsonData: expandAll(source.jsonData ?? {}, variables),
      secureJsonData: expandAll(source.secureJsonData ?? {}, variables),
    })),
  );
}

/**
 * Reads the dashboards of a provisioning folder, by title.
 * @throws {PreviewError} naming the file and the place in it that does not fit
 */
export async function readDashboards(folder: string): Promise<Dashboard[]> {
  const files = await readFiles(join(folder, 'dashboards'), '.json');
  return files
    .map(({ path, text }) => check(Dashboard, parse(path, text, JSON.parse), path))
    .sort((a, b) => a.title.localeCompare(b.title));
}

/**
 * Passes a value that fits its schema.
 * @throws {PreviewError} listing what does not fit, and where
 */
export function check<S extends TSchema>(schema: S, value: unknown, path: string): Static<S> {
  if (Value.Check(schema, value)) return value;
  const faults = [...Value.Errors(schema, value)].map(
    ({ instancePath, message }) => `  - ${instancePath || '/'}: ${message}`,
  );
  throw new PreviewError('provisioning_unreadable', `${path} does not fit:\n${faults.join('\n')}`);
}

async function readFiles(folder: string, extension: string): Promise<{ path: string; text: string }[]> {
  const names = await readdir(folder).catch(() => {
    throw new PreviewError('provisioning_unreadable', `The folder ${folder} can't be read`);
  });
  const paths = names.filter((name) => name.endsWith(extension)).map((name) => join(folder, name));
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
}

function parse(path: string, text: string, parser: (text: string) => unknown): unknown {
  try {
    return parser(text);
  } catch (error) {
    throw new PreviewError('provisioning_unreadable', `${path} can't be parsed: ${(error as Error).message}`);
  }
}

/**
 * Passes a data source that the preview can stand in for.
 * @throws {PreviewError} when Grafana would reach its exporter by certificates that the preview does not use
 */
function withoutTls(source: ProvisionedDataSource, path: string): ProvisionedDataSource {
  const [key] = ['tlsAuthWithCACert', 'tlsAuth', 'tlsSkipVerify'].filter((name) => source.jsonData?.[name]);
  if (key === undefined) return source;
  throw new PreviewError(
    'tls_not_supported',
    `${path}: "${source.name}" has ${key}, and the preview has no TLS settings. Remove it for the preview; a CA of your own can be named in NODE_EXTRA_CA_CERTS.`,
  );
}

/** Replaces variables in all texts of some settings, however deep. */
function expandAll<T>(settings: T, variables: Variables): T {
  if (typeof settings === 'string') return expandVariables(settings, variables) as T;
  if (Array.isArray(settings)) return settings.map((each) => expandAll(each, variables)) as T;
  if (typeof settings !== 'object' || settings === null) return settings;
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, expandAll(value, variables)]),
  ) as T;
}
