import { test } from 'node:test';
import { smallTier } from './support/small-tier.ts';

test('small tier of the matrix: how processors take over from others', (t) => smallTier(t, ['R2', 'R3']));
