import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { isInstalled, markInstalled, pinnedNode } from './staleness.mjs';

/** The dependencies could not be installed; the message says what to do. */
export class InstallError extends Error {}

/**
 * Installs the dependencies when they are missing or stale; says and does nothing when they are not.
 * @param {string} root folder of package-lock.json
 * @returns {Promise<number>} the seconds that it took
 * @throws {InstallError}
 */
export async function installDependencies(root) {
  if (isInstalled(root)) return 0;
  const began = Date.now();
  const onWait = (holder) =>
    console.error(`Process ${holder} is installing the dependencies here; waiting for it.`);
  await withLock(join(root, '.storepulse', 'install.lock'), () => install(root), { onWait });
  return (Date.now() - began) / 1000;
}

async function install(root) {
  if (isInstalled(root)) return;
  console.error('Installing dependencies (only now, and after updates) …');
  const { status, output } = await npmCi(root);
  if (status !== 0) {
    throw new InstallError(
      `The dependencies could not be installed: "npm ci" in ${root} ended with ${status}.\n${output.trim()}\n` +
        'Check that npm reaches its registry (npm ping), then run this again.',
    );
  }
  if (!existsSync(pinnedNode(root))) {
    throw new InstallError(
      'npm installed the dependencies without the Node that belongs to them (node_modules/node). ' +
        'Allow install scripts ("npm config get ignore-scripts" must say false), then run this again.',
    );
  }
  markInstalled(root);
}

/** Runs npm, with its own progress on a terminal; its errors are kept for the message. */
function npmCi(root) {
  const terminal = process.stderr.isTTY === true;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(terminal ? ['--progress'] : [])];
  // Started by `npm start`, npm's own settings of that run are in the environment: they must not steer this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package|config_ignore)/.test(name)),
  );
  const child = spawn('npm', args, {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', terminal ? 'inherit' : 'pipe'],
  });
  let output = '';
  child.stderr?.on('data', (chunk) => {
    // npm says the cause first, then how it is used.
    output = (output + chunk).slice(0, 1500);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: error.message, output }));
    child.once('close', (code, signal) => resolve({ status: code ?? signal, output }));
  });
}
