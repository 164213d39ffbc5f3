import { zipSync } from 'fflate';
import type { PluginFiles } from './plugin-files.ts';

/** Of every file in the archive, so that the same files make the same bytes. The earliest that the format can tell, in any zone. */
const MODIFIED = new Date(1980, 0, 2);

type Named = [string, [Uint8Array, { os: number; attrs: number }]];

/** Unix' own: what unpacks the archive keeps executables executable. */
const UNIX = 3;
const attributesOf = (path: string) => ({
  os: UNIX,
  attrs: (path.startsWith('gpx_') ? 0o100755 : 0o100644) * 0x1_0000,
});

/** The archive that Grafana installs: one folder, named by the plugin's id. The same files make the same bytes. */
export function zipPlugin(id: string, files: PluginFiles): Uint8Array {
  const named = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => [`${id}/${path}`, [bytes, attributesOf(path)]] satisfies Named);
  return zipSync(Object.fromEntries(named), { level: 9, mtime: MODIFIED });
}
