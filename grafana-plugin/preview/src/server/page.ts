import type { Assets } from './assets.ts';

/** Where the page's files are. */
export const HOST_PREFIX = '/host/';

/**
 * The one page; what it shows depends on its address. The two globals are what Grafana's own page gives its packages:
 * where images are, and settings that they read while they load. What is needed first is named in the head, so that it is
 * fetched at once and not one after the other.
 * @param plugin address of the data source's module
 */
export function renderPage({ script, styles, imports }: Assets, plugin: string): string {
  const at = (name: string) => `${HOST_PREFIX}${name}`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Storepulse</title>
    <link rel="icon" href="/public/plugins/storepulse-commerce-datasource/img/logo.svg" type="image/svg+xml" />
    <link rel="modulepreload" href="${at(script)}" />
${imports.map((name) => `    <link rel="modulepreload" href="${at(name)}" />`).join('\n')}
    <link rel="preload" as="script" href="${plugin}" />
    <link rel="preload" as="font" type="font/woff2" crossorigin href="/public/fonts/inter/Inter-Regular.woff2" />
${styles.map((name) => `    <link rel="stylesheet" href="${at(name)}" />`).join('\n')}
    <style>
      body { background: #111217; color: #ccccdc; font: 14px Inter, sans-serif }
      .preview-begin { display: flex; align-items: center; gap: 8px; height: 40px; padding: 0 16px; background: #181b1f }
      .preview-begin img { width: 20px; height: 20px }
    </style>
    <script>
      window.__grafana_public_path__ = '/public/';
      window.grafanaBootData = { settings: { featureToggles: {}, buildInfo: {} }, user: {}, navTree: [] };
    </script>
  </head>
  <body>
    <div id="root">
      <div class="preview-begin" role="status">
        <img src="/public/plugins/storepulse-commerce-datasource/img/logo.svg" alt="" /> Storepulse is loading…
      </div>
    </div>
    <script type="module" src="${at(script)}"></script>
  </body>
</html>
`;
}

/** What is shown while there is no bundle. */
export const UNBUILT_PAGE = `<!doctype html>
<html lang="en">
  <title>Storepulse</title>
  <p>The page is not built: run <code>npm run build -w @storepulse/preview</code> and load this page again.</p>
</html>
`;
