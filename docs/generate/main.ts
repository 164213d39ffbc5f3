import { mkdir, writeFile } from 'node:fs/promises';
import { dayOfTraffic } from './day-of-traffic.ts';
import { referencePages } from './pages.ts';

/** Writes the generated pages of the reference, and the picture that is drawn from the simulator: `npm run docs`. */
const folder = new URL('../reference/', import.meta.url);
await mkdir(new URL('events/', folder), { recursive: true });
for (const [name, text] of Object.entries(await referencePages())) {
  await writeFile(new URL(name, folder), text);
  console.log(`docs/reference/${name}`);
}
await writeFile(new URL('../images/day-of-traffic.svg', import.meta.url), dayOfTraffic());
console.log('docs/images/day-of-traffic.svg');
