import { test } from 'node:test';
import { smallTier } from '../chaos/support/small-tier.ts';

test('small tier of the matrix: attacks', (t) => smallTier(t, ['R12', 'S1', 'S2', 'S3', 'S4', 'S8']));
