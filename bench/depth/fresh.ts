import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalog } from '@storepulse/contracts';
import { openDepth } from '@storepulse/exporter/depth/depth';
import type { LakeFile } from '@storepulse/lake';
import { END, writeLake } from './two-years.ts';

/**
 * What it costs to bring rows up to date: two years of a shop are loaded, then a second's orders and visits come, again and again, and
 * leave again together, as the tail does. Prints CPU-milliseconds of the process for each.
 * `npx node bench/depth/fresh.ts [orders] [rounds]`
 */
const ORDERS = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = Number(process.argv[3] ?? 10);
/** Orders of a second, and visits without one. */
const PER_SECOND = { orders: 20, others: 20 };

const cpuOf = async (run: () => Promise<void>): Promise<number> => {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};
const middle = (list: readonly number[]) => list.toSorted((a, b) => a - b)[list.length >> 1]!;

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-fresh-'));
try {
  const files: LakeFile[] = await writeLake(folder, { orders: ORDERS, others: ORDERS / 5 });
  const latest = { bench: END };
  const depth = await openDepth({
    catalog,
    lake: {
      progress: async () => [{ _id: 'facts/0', offsets: {}, watermarks: latest, latest }],
      manifest: async () => ({ files: [...files], tasks: [], seamAt: END }),
      place: async (path) => (path.startsWith('/') ? path : join(folder, path)),
      keepOnly: async () => {},
      close: async () => {},
    },
    ...{ memoryMb: 1_536, threads: 2, everyMs: 0, scratch: folder },
    onFailure: (error) => {
      throw error;
    },
  });
  const all = await cpuOf(() => depth.refresh());
  console.log(`${ORDERS} orders: read in ${(all / 1_000).toFixed(0)} CPU-seconds`);
  console.log(
    `nothing new: ${middle([await cpuOf(() => depth.refresh()), await cpuOf(() => depth.refresh()), await cpuOf(() => depth.refresh())]).toFixed(0)} CPU-ms`,
  );
  const whole = files.length;
  const comes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const own = join(folder, `second-${round}`);
    const second = await writeLake(own, {
      ...{ orders: PER_SECOND.orders * 24, others: PER_SECOND.others * 24 },
      ...{ from: 24 + round, to: 25 + round, base: ORDERS },
    });
    files.push(...second.map((file) => ({ ...file, _id: join(own, file._id) })));
    comes.push(await cpuOf(() => depth.refresh()));
  }
  console.log(
    `a second's ${PER_SECOND.orders} orders and ${PER_SECOND.others} visits come: ${middle(comes).toFixed(0)} CPU-ms`,
  );
  files.length = whole;
  console.log(`${ROUNDS} seconds leave: ${(await cpuOf(() => depth.refresh())).toFixed(0)} CPU-ms`);
  await depth.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
