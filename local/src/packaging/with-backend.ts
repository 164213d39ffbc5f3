import { EXECUTABLE } from './build-backend.ts';
import { type PluginFiles, textOf } from './plugin-files.ts';

/**
 * The built plugin with its executables: only then `plugin.json` says that there is a backend, and that alert rules may ask it.
 * Grafana loads no plugin whose executable is missing.
 */
export function withBackend(built: PluginFiles, executables: PluginFiles): PluginFiles {
  const text = textOf(built, 'plugin.json');
  if (executables.size === 0 || text === undefined) return built;
  const { type, name, id, ...rest } = JSON.parse(text) as Record<string, unknown>;
  const json = { type, name, id, backend: true, executable: EXECUTABLE, alerting: true, ...rest };
  return new Map([
    ...built,
    ['plugin.json', new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`)],
    ...executables,
  ]);
}
