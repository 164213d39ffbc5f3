/**
 * Keeps Node's remark about negative timers off the screen: kafkajs causes one on every start (its issue 1751), it
 * means nothing to the reader, and all other warnings are shown as before.
 */
export function quietTimerWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'TimeoutNegativeWarning') console.error(`${warning.name}: ${warning.message}`);
  });
}
