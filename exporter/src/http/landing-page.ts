import type { Shop } from '@storepulse/contracts';
import type { Freshness } from '../query/freshness.ts';

/** What the landing page tells. */
export interface LandingInput {
  readonly version: string;
  /** Undefined when the store could not be read. */
  readonly shops: readonly Shop[] | undefined;
  readonly freshness: ReadonlyMap<string, Freshness>;
  /** Whether the reader may see shops at all. */
  readonly maySee: boolean;
}

const LINKS = [
  ['/metrics', 'figures for Prometheus'],
  ['/api/v1/catalog', 'metrics, dimensions and shops'],
  ['/api/docs', 'the query API, to read and to try'],
  ['/api/v1/openapi.json', 'its OpenAPI document'],
  ['/-/healthy', 'the process serves'],
  ['/-/ready', 'the store can be read'],
] as const;

/** The page at `/`: what this is, where to go, how fresh the data is. */
export function landingPage({ version, shops, freshness, maySee }: LandingInput): string {
  const links = LINKS.map(([href, what]) => `<li><a href="${href}">${href}</a> – ${what}</li>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Storepulse exporter</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: 0.25rem 1.5rem 0.25rem 0; }
</style>
</head>
<body>
<h1>Storepulse exporter ${escapeHtml(version)}</h1>
<p>Reads the shops' metrics from the store and serves them to Prometheus and Grafana.</p>
<ul>
${links}
</ul>
<h2>Shops</h2>
${maySee ? shopTable(shops, freshness) : '<p>This page shows them to a request with a key.</p>'}
</body>
</html>
`;
}

function shopTable(shops: readonly Shop[] | undefined, freshness: ReadonlyMap<string, Freshness>): string {
  if (!shops) return '<p>The store can not be read now: see <a href="/-/ready">/-/ready</a>.</p>';
  if (shops.length === 0) return '<p>None yet: start the simulator, or replay a file.</p>';
  const rows = shops.map(({ shop, name, currency, timeZone }) => {
    const known = freshness.get(shop);
    const cells = [shop, name, currency, timeZone, instant(known?.lastEventTime), instant(known?.watermark)];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  const titles = ['Shop', 'Name', 'Currency', 'Time zone', 'Last event', 'Complete until'];
  return `<table>
<tr>${titles.map((title) => `<th>${title}</th>`).join('')}</tr>
${rows.join('\n')}
</table>`;
}

function instant(time: number | null | undefined): string {
  return time === null || time === undefined ? '–' : new Date(time).toISOString();
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
