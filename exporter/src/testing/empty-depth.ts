import { catalog } from '@storepulse/contracts';
import type { Depth } from '../depth/depth.ts';
import { depthTables } from '../depth/tables.ts';

/** A lake without rows, for tests of what is around it. */
export const emptyDepth: Depth = {
  tables: depthTables(catalog),
  state: () => ({ readAt: 0, seamAt: null, until: new Map(), files: 0 }),
  current: async () => ({ readAt: 0, seamAt: null, until: new Map(), files: 0 }),
  sums: async () => ({ groups: new Map(), rows: 0 }),
  factSums: async () => ({ groups: new Map(), rows: 0 }),
  cohorts: async () => ({ cohorts: [], rows: 0 }),
  facts: async () => ({ facts: [], total: { facts: 0, value: 0 } }),
  dimensionValues: async () => [],
  refresh: async () => {},
  close: async () => {},
};
