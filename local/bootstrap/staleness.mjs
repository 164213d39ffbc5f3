import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const lockfile = (root) => join(root, 'package-lock.json');
const stampFile = (root) => join(root, 'node_modules', '.storepulse-installed');
const hashOf = (text) => createHash('sha256').update(text).digest('hex');

/** The Node that the dependencies bring. */
export const pinnedNode = (root) => join(root, 'node_modules', 'node', 'bin', 'node');

/**
 * True when node_modules holds what package-lock.json asks for.
 * @param {string} root folder of package-lock.json
 */
export function isInstalled(root) {
  if (!existsSync(pinnedNode(root))) return false;
  const wanted = readFileSync(lockfile(root), 'utf8');
  if (readOptional(stampFile(root)) === hashOf(wanted)) return true;
  // Somebody may have installed by hand: npm's own record of node_modules tells.
  if (!holdsAll(wanted, readOptional(join(root, 'node_modules', '.package-lock.json')))) return false;
  markInstalled(root);
  return true;
}

/** Remembers that node_modules fits the present package-lock.json. */
export function markInstalled(root) {
  writeFileSync(stampFile(root), hashOf(readFileSync(lockfile(root), 'utf8')));
}

/** True when every package of the lockfile is recorded as installed in the same version. */
function holdsAll(wanted, installed) {
  if (installed === undefined) return false;
  const has = JSON.parse(installed).packages;
  return Object.entries(JSON.parse(wanted).packages)
    .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.optional)
    .every(([path, { version, link }]) => (link ? has[path]?.link === true : has[path]?.version === version));
}

function readOptional(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
