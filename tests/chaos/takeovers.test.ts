// Takes over 60 s: each of 13 processors that is killed or stopped is missed by its group only after the six seconds of a
// session, and each of its successors starts as a process of its own.
import { test } from 'node:test';
import { smallTier } from './support/small-tier.ts';

test('small tier of the matrix: how processors take over from others', (t) => smallTier(t, ['R2', 'R3']));
