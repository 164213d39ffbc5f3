import { join } from 'node:path';
import { catalog, type Shop } from '@storepulse/contracts';
import { type Depth, openDepth } from '@storepulse/exporter/depth/depth';
import type { LakeFile } from '@storepulse/lake';

/** Rows of a lake in a folder, whose files a test sets. */
export interface TestDepth {
  readonly depth: Depth;
  /** Says which files are live from now on, and brings the rows up to them. */
  load(files: readonly LakeFile[]): Promise<void>;
}

/**
 * Opens rows over a lake in a folder.
 * @param until everything before it (epoch ms) was counted, and is in the lake
 */
export async function depthOf(
  folder: string,
  shops: Shop | readonly Shop[],
  until: number,
): Promise<TestDepth> {
  const reached = Object.fromEntries([shops].flat().map(({ shop }) => [shop, until]));
  let live: readonly LakeFile[] = [];
  const depth = await openDepth({
    catalog,
    lake: {
      progress: async () => [
        {
          _id: 'facts/0',
          offsets: { transactions: 0 },
          watermarks: reached,
          latest: reached,
        },
      ],
      manifest: async () => ({ files: live, tasks: [], seamAt: until }),
      place: async (path) => join(folder, path),
      keepOnly: async () => {},
      close: async () => {},
    },
    memoryMb: 512,
    everyMs: 0,
    scratch: join(folder, 'scratch'),
    now: () => until,
    onFailure: (error) => {
      throw error;
    },
  });
  return {
    depth,
    load: async (files) => {
      live = files;
      await depth.refresh();
    },
  };
}
