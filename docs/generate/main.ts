import { mkdir, writeFile } from 'node:fs/promises';
import { dashboards } from './dashboards/index.ts';
import { dayOfTraffic } from './day-of-traffic.ts';
import { referencePages } from './pages.ts';

/**
 * Writes the generated pages of the reference, the dashboards that are made from builders, and the picture that is drawn
 * from the simulator: `npm run docs`.
 */
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
