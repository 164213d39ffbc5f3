import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { openLane } from '../support/lane.ts';
import { openLink } from '../support/link.ts';
import { residentMb } from '../support/memory.ts';
import { atPace } from '../support/pace.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

const TIMES = 20;
const REPEAT_MS = 15_000;
const EVENTS_PER_SECOND = 500;
const MAX_MB = 600;
const DRAIN_MS = 10 * 60_000;

/** A MongoDB that answers everything, late, while events go on coming. */
export const slowStore: Row = {
  id: 'R16',
  what: `MongoDB takes ${TIMES} times as long for every answer, ${EVENTS_PER_SECOND} events a second go on, in spells of ${REPEAT_MS / 1_000} s`,
  figure: `memory below ${MAX_MB} MB, drains afterwards, lost 0, double 0`,
  repeats: 20,
  // What memory does shows over many spells: left to the whole matrix.
  small: 0,
  run: async ({ servers: startServers, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    const link = await openLink(servers.mongoPort);
    const lane = await openLane({ servers, name, faults: ALL_FAULTS, rate: EVENTS_PER_SECOND });
    lane.pipeline.onStop(() => link.close());
    // Directly, since a replica set's members name the address that is not slow; and asked from time to time how it
    // is, since an answer that it withholds until something changes would be withheld for minutes.
    const uri = `mongodb://127.0.0.1:${link.port}/?directConnection=true&serverMonitoringMode=poll`;
    const { service, url } = await lane.startProcessor(undefined, { MONGODB_URI: uri });
    const pid = service.pid!;
    await lane.feed(EVENTS_PER_SECOND);
    await lane.drain();
    const usual = await commitsOf(url);

    link.slowdown(TIMES);
    const peaks: number[] = [];
    for (let spell = 1; spell <= repeats; spell++) {
      await attempts.repeat(`spell ${spell}`, async () => {
        let peak = 0;
        await atPace(REPEAT_MS, async (ms) => {
          await lane.feed(Math.ceil((EVENTS_PER_SECOND * ms) / 1_000));
          peak = Math.max(peak, await residentMb(pid));
        });
        peaks.push(peak);
        if (peak > MAX_MB) throw new Error(`${peak} MB`);
        return undefined;
      });
    }
    const slow = await commitsOf(url);
    attempts.figure('mean commit before, ms', Math.round((1_000 * usual.seconds) / usual.commits));
    attempts.figure(
      'mean commit while slow, ms',
      Math.round((1_000 * (slow.seconds - usual.seconds)) / (slow.commits - usual.commits)),
    );
    attempts.figure('memory in the first spell, MB', peaks[0]!);
    attempts.figure('memory in the last spell, MB', peaks.at(-1)!);
    attempts.figure('peak memory, MB', Math.max(...peaks));
    link.slowdown(1);
    const began = performance.now();
    await lane.drain(DRAIN_MS);
    attempts.figure('seconds to drain', Math.round((performance.now() - began) / 1_000));
    if (service.pid !== pid) attempts.fail('the processor ended');
    attempts.differences(await judge(lane));
    await lane.pipeline.stop();
    return attempts.outcome();
  },
};

/** How many commits a processor has made, and how long they took together. */
async function commitsOf(url: string): Promise<{ commits: number; seconds: number }> {
  const exposition = await (await fetch(`${url}/metrics`)).text();
  const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(exposition)?.[1]);
  return {
    commits: read('storepulse_processor_commit_seconds_count'),
    seconds: read('storepulse_processor_commit_seconds_sum'),
  };
}
