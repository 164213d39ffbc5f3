import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { pinnedNode } from './staleness.mjs';

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
