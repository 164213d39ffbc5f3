import { SECURITY_ROWS } from '../security/rows.ts';
import { ROWS } from './rows.ts';

/** All rows, in the order of the table of guarantees: faults, then attacks. */
export const MATRIX = [...ROWS, ...SECURITY_ROWS];
