import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { pinnedNode } from './staleness.mjs';

/** How often it is looked whether npm still lives, in ms. */
const PARENT_CHECK_MS = 500;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a script on the pinned Node and ends as it ends: with its exit status, or by its signal.
 * @param {string} root folder of package-lock.json
 * @param {string} script
 * @param {string[]} args
 * @param {number} installSeconds what the installation took, for the start screen
 */
export function continueOnPinnedNode(root, script, args, installSeconds) {
  const node = pinnedNode(root);
  const env = {
    ...process.env,
    PATH: [dirname(node), process.env.PATH].filter(Boolean).join(delimiter),
    STOREPULSE_INSTALL_SECONDS: installSeconds.toFixed(1),
  };
  // kafkajs 2.2.4 sets negative timers, of which Node 24 warns (tulios/kafkajs#1751).
  const child = spawn(node, ['--disable-warning=TimeoutNegativeWarning', script, ...args], {
    stdio: 'inherit',
    env,
  });
  // A terminal's Ctrl-C reaches the child also by itself; the child takes two at a time for one.
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) endWithParent(child);
  child.once('error', (error) => {
    console.error(`${node} can't be run: ${error.message}. Delete node_modules and run this again.`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    for (const name of SIGNALS) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

/** npm that is killed with -9 can't pass anything on: its death shows in our having another parent. */
function endWithParent(child) {
  const npm = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(check);
    child.kill('SIGTERM');
  }, PARENT_CHECK_MS);
  check.unref();
}
