import { test } from 'node:test';
import { smallTier } from './support/small-tier.ts';

test('small tier of the matrix: how processors end', (t) => smallTier(t, ['R1', 'R14']));
