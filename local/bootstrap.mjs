// What `npm start`, `npm test` and the other commands run first. It works on the oldest Node that we
// ask for: installs the dependencies when they are missing or stale, then goes on as
// `local/src/cli.ts` on the Node that the lockfile pins.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { continueOnPinnedNode } from './bootstrap/continue.mjs';
import { InstallError, installDependencies } from './bootstrap/install.mjs';
import { oldNodeMessage } from './bootstrap/node-version.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const complaint = oldNodeMessage(process.versions.node, process.platform);
if (complaint) {
  console.error(complaint);
  process.exit(1);
}
try {
  const installSeconds = await installDependencies(root);
  continueOnPinnedNode(root, join(root, 'local', 'src', 'cli.ts'), process.argv.slice(2), installSeconds);
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
