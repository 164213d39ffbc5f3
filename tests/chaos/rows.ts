import type { Row } from './row.ts';
import { crashPoints } from './rows/crash-points.ts';
import { kill } from './rows/kill.ts';

/** The rows in the order of the matrix. */
export const ROWS: readonly Row[] = [kill, crashPoints];
