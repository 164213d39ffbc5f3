// Takes over 60 s: four processors end under load and start again, and all that they counted is compared afterwards.
import { test } from 'node:test';
import { smallTier } from './support/small-tier.ts';

test('small tier of the matrix: how processors end', (t) => smallTier(t, ['R1', 'R14']));
