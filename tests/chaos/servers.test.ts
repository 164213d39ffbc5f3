import { test } from 'node:test';
import { smallTier } from './support/small-tier.ts';

test('small tier of the matrix: what befalls servers', (t) => smallTier(t, ['R4', 'R5']));
