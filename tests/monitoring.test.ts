import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePorts } from '@storepulse/local';
import { createMonitoring } from '@storepulse/local/monitoring/members';
import type { TimeScale } from '@storepulse/local/monitoring/scale-rules';
import { createGuard } from '@storepulse/local/processes/guard';
import { findAlertmanager, quietly } from '@storepulse/local/programs/find';
import { until } from './support/until.ts';

interface Shown {
  notifications: { alert: string; status: string; severity: string; runbook: string }[];
}

test('an alert goes from the committed rules through Prometheus and Alertmanager to the page', async (t) => {
  // Nothing else of the product needs it, and not every machine can have it.
  const missing = await findAlertmanager().then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (missing !== undefined) return t.skip(missing);
  const dataFolder = mkdtempSync(join(tmpdir(), 'storepulse-monitoring-'));
  const guard = createGuard();
  const [prometheus, alertmanager, notifications] = (await freePorts(3)) as [number, number, number];
  const { members } = createMonitoring({
    monitoring: { extras: ['prometheus', 'alertmanager'], scale: 60 as TimeScale },
    ports: { prometheus, alertmanager, notifications },
    dataFolder,
    find: quietly(),
    exporterKeyFile: undefined,
    guard,
    // No part runs: nobody answers for the processor, which is worth an alert.
    parts: [],
  });
  try {
    for (const { service } of members) await service!.start();
    const shown = await until(
      'the page shows ProcessorDown',
      async () => {
        const response = await fetch(`http://127.0.0.1:${notifications}/notifications`);
        return ((await response.json()) as Shown).notifications.find(
          ({ alert }) => alert === 'ProcessorDown',
        );
      },
      (seen) => seen !== undefined,
    );
    assert.deepEqual(
      { status: shown?.status, severity: shown?.severity, runbook: shown?.runbook },
      { status: 'firing', severity: 'page', runbook: '/runbooks/ProcessorDown.md' },
    );
  } finally {
    for (const { service } of [...members].reverse()) await service!.stop();
    await guard.close();
    rmSync(dataFolder, { recursive: true });
  }
});
