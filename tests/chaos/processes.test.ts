import { test } from 'node:test';
import { smallTier } from './support/small-tier.ts';

test('small tier of the matrix: what befalls processors', (t) => smallTier(t, ['R1', 'R2', 'R3', 'R14']));
