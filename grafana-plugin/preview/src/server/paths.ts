import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the files are that the preview serves and reads. */
export interface PreviewPaths {
  /** The built data source: `module.js`, `plugin.json`, images. */
  plugin: string;
  /** The page's own bundle. */
  host: string;
  /** Grafana's provisioning folder: `datasources/*.yaml` and `dashboards/*.json`. */
  provisioning: string;
  /** Images: those of `@grafana/ui`, and ours for the few icons that its npm package lacks. */
  images: string[];
  /** Grafana's typefaces, of text and of code: each one file for all weights. */
  fonts: { inter: string; roboto: string };
}

/** The paths in a checkout of the repository. */
export function repositoryPaths(): PreviewPaths {
  const preview = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const { resolve } = createRequire(import.meta.url);
  return {
    plugin: join(preview, '..', 'dist'),
    host: join(preview, 'dist'),
    provisioning: join(preview, '..', '..', 'provisioning', 'grafana'),
    images: [
      join(preview, 'public', 'img'),
      join(dirname(resolve('@grafana/ui/package.json')), 'dist', 'public', 'img'),
    ],
    fonts: {
      inter: resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'),
      roboto: resolve('@fontsource-variable/roboto-mono/files/roboto-mono-latin-wght-normal.woff2'),
    },
  };
}
