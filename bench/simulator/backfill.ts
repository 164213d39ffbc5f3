import { setTimeout } from 'node:timers/promises';
import { startBar, waitShowing } from './progress.ts';
import { readEvents } from './read-events.ts';
import { type Row, rounded } from './report.ts';
import { openStand, usageOf } from './stand.ts';

const LIVE_SECONDS = 15;
/** Seconds on both sides of the present at the start whose events are counted one by one. */
const SEAM_SECONDS = 10;
const CAUGHT_UP_MS = 100;

/** How long history takes, and how many events the seconds around its end hold. */
export async function measureBackfill({ days, rate }: { days: number; rate: number }): Promise<Row[]> {
  await using stand = await openStand();
  const simulator = await stand.simulator({ SIMULATOR_RATE: '0', SIMULATOR_BACKFILL: '0' });
  try {
    const profile = { profile: 'constant-arrival-rate', rate };
    const before = await usageOf(simulator.pid);
    const began = Date.now();
    await simulator.ask('POST', '/v1/run', { from: `-${days}d`, profile });
    const bar = startBar('history', days * 86_400);
    let status = await simulator.status();
    while ((status.madeUntil ?? 0) < Date.now() - CAUGHT_UP_MS || status.queued > rate) {
      await setTimeout(100);
      status = await simulator.status();
      bar.update(Math.max(0, days * 86_400 - (began - (status.madeUntil ?? 0)) / 1_000));
    }
    bar.stop();
    const seconds = (Date.now() - began) / 1_000;
    const after = await usageOf(simulator.pid);
    await waitShowing('live', LIVE_SECONDS);
    await simulator.ask('POST', '/v1/stop');
    const perPartition = Math.ceil((seconds + LIVE_SECONDS + 2 * SEAM_SECONDS) * rate) + 1_000;
    const around = perSecond(await readEvents(stand.settings, perPartition), began, seconds);
    return [
      {
        days,
        events: status.sent,
        seconds: rounded(seconds, 1),
        'events/s': rounded(status.sent / seconds),
        'events per CPU s': rounded(status.sent / (after.cpuSeconds - before.cpuSeconds)),
        'RSS MB': rounded(after.residentMb),
        'seconds looked at': around.length,
        'fewest events in one': Math.min(...around),
        'most events in one': Math.max(...around),
      },
    ];
  } finally {
    await simulator.stop();
  }
}

/** Events by whole second of event time, from before the start of the run until after history has ended. */
function perSecond(
  times: readonly { eventTime: number }[],
  began: number,
  seconds: number,
): readonly number[] {
  const from = Math.floor(began / 1_000) - SEAM_SECONDS;
  const counts = Array.from({ length: Math.floor(seconds) + 2 * SEAM_SECONDS }, () => 0);
  for (const { eventTime } of times) {
    const index = Math.floor(eventTime / 1_000) - from;
    if (index >= 0 && index < counts.length) counts[index]! += 1;
  }
  return counts;
}
