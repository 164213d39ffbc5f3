import { mkdir, writeFile } from 'node:fs/promises';
import { referencePages } from './pages.ts';

/** Writes the generated pages of the reference: `npm run docs`. */
const folder = new URL('../reference/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(await referencePages())) {
  await writeFile(new URL(name, folder), text);
  console.log(`docs/reference/${name}`);
}
