import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CatalogSettingsSchema, readSettings, SettingsError } from '@storepulse/contracts';
import { openCatalog } from '@storepulse/contracts/catalog/file/read';
import { dashboards } from './dashboards/index.ts';
import { dayOfTraffic } from './day-of-traffic.ts';
import { metricsPage, referencePages } from './pages.ts';

/**
 * Writes the generated pages of the reference, the dashboards that are made from builders, and the picture that is drawn
 * from the simulator: `npm run docs`. With `--metrics` it prints the page of metrics alone, with those of `CATALOG_FILE`.
 */
if (process.argv.includes('--metrics')) {
  try {
    const { catalogFile } = readSettings(CatalogSettingsSchema, process.env);
    process.stdout.write(metricsPage(openCatalog(catalogFile)));
    process.exit(0);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`docs: ${error.message}\n`);
    process.exit(1);
  }
}
const folder = new URL('../reference/', import.meta.url);
await mkdir(new URL('events/', folder), { recursive: true });
for (const [name, text] of Object.entries(await referencePages())) {
  await writeFile(new URL(name, folder), text);
  console.log(`docs/reference/${name}`);
}
await writeFile(new URL('../images/day-of-traffic.svg', import.meta.url), dayOfTraffic());
console.log('docs/images/day-of-traffic.svg');
const provisioned = new URL('../../provisioning/grafana/dashboards/', import.meta.url);
for (const [name, json] of Object.entries(dashboards())) {
  await writeFile(new URL(name, provisioned), `${JSON.stringify(json, null, 2)}\n`);
  console.log(`provisioning/grafana/dashboards/${name}`);
}
const biome = fileURLToPath(new URL('../../node_modules/@biomejs/biome/bin/biome', import.meta.url));
execFileSync(process.execPath, [biome, 'format', '--write', fileURLToPath(provisioned)], {
  stdio: 'inherit',
});
