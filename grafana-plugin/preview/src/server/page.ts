/**
 * The one page; what it shows depends on its address. The two globals are what Grafana's own page gives its packages:
 * where images are, and settings that they read while they load.
 */
export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Storepulse</title>
    <link rel="icon" href="/public/plugins/storepulse-commerce-datasource/img/logo.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/host/host.css" />
    <script>
      window.__grafana_public_path__ = '/public/';
      window.grafanaBootData = { settings: { featureToggles: {}, buildInfo: {} }, user: {}, navTree: [] };
    </script>
  </head>
  <body>
    <div id="root"></div>
    <script type="module" src="/host/host.js"></script>
  </body>
</html>
`;
