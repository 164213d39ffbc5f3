import { test } from 'node:test';
import { smallTier } from './support/small-tier.ts';

test('small tier of the matrix: what events may be', (t) => smallTier(t, ['R7', 'R8', 'R9']));
