// Takes over 60 s: six times a server goes away and comes back, and clients find it again at the pace of their retries.
import { test } from 'node:test';
import { smallTier } from './support/small-tier.ts';

test('small tier of the matrix: what befalls servers', (t) => smallTier(t, ['R4', 'R5', 'R23']));
