import type { Row } from '../chaos/row.ts';
import { access } from './rows/access.ts';
import { canaries } from './rows/canaries.ts';
import { fuzz } from './rows/fuzz.ts';
import { injection } from './rows/injection.ts';
import { owasp } from './rows/owasp.ts';
import { scrapes } from './rows/scrapes.ts';

/** The rows of security, in the order of the matrix. */
export const SECURITY_ROWS: readonly Row[] = [scrapes, access, owasp, injection, fuzz, canaries];
