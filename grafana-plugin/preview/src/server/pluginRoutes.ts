import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { PreviewError } from './errors.ts';
import { check } from './provisioning.ts';
import type { ProvisionedDataSource } from './provisioningSchema.ts';

const PluginJson = Type.Object({
  id: Type.String(),
  name: Type.String(),
  routes: Type.Array(
    Type.Object({
      path: Type.String({ minLength: 1 }),
      url: Type.String(),
      headers: Type.Array(Type.Object({ name: Type.String(), content: Type.String() })),
    }),
  ),
});

/** Where a request to a data source goes. */
export interface ProxyTarget {
  url: string;
  /** To be set on the request, secrets among them. */
  headers: Record<string, string>;
}

/** The built plugin, as far as a server needs it. */
export interface BuiltPlugin {
  id: string;
  name: string;
  /**
   * The target of a request to `path` (without a slash in front) of a data source, by the first route whose path it
   * begins with; undefined when there is none.
   */
  target(source: ProvisionedDataSource, path: string): ProxyTarget | undefined;
}

/**
 * Reads `plugin.json` of the built plugin.
 * @throws {PreviewError} when it is not built or not readable
 */
export async function readBuiltPlugin(folder: string): Promise<BuiltPlugin> {
  const path = join(folder, 'plugin.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new PreviewError(
      'plugin_not_built',
      `${path} can't be read: build the plugin with "npm run build -w storepulse-commerce-datasource"`,
    );
  });
  const { id, name, routes } = check(PluginJson, JSON.parse(text), path);
  return {
    id,
    name,
    target(source, path) {
      const route = routes.find((candidate) => path.startsWith(candidate.path));
      return (
        route && {
          url: render(route.url, source) + path.slice(route.path.length),
          headers: {
            ...Object.fromEntries(
              route.headers.map((header) => [header.name.toLowerCase(), render(header.content, source)]),
            ),
            ...customHeaders(source),
          },
        }
      );
    },
  };
}

const CONDITION = /\{\{\s*if \.(JsonData|SecureJsonData)\.(\w+)\s*\}\}(.*?)\{\{\s*end\s*\}\}/g;
const VALUE = /\{\{\s*\.(JsonData|SecureJsonData)\.(\w+)\s*\}\}/g;

/**
 * Fills the templates that plugin.json may hold, of Go's language the values and `if`; like Grafana, a setting that is
 * missing shows as `<no value>`.
 */
function render(template: string, { jsonData = {}, secureJsonData = {} }: ProvisionedDataSource): string {
  const read = (from: string, key: string) => (from === 'JsonData' ? jsonData : secureJsonData)[key];
  return template
    .replace(CONDITION, (_match, from, key, content) => (read(from, key) ? content : ''))
    .replace(VALUE, (_match, from, key) => String(read(from, key) ?? '<no value>'));
}

/** The headers of a data source's own, as Grafana reads them: from the first on, up to the first without a name. */
function customHeaders({
  jsonData = {},
  secureJsonData = {},
}: ProvisionedDataSource): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let n = 1; jsonData[`httpHeaderName${n}`]; n++) {
    const value = secureJsonData[`httpHeaderValue${n}`];
    if (value !== undefined) headers[String(jsonData[`httpHeaderName${n}`]).toLowerCase()] = value;
  }
  return headers;
}
