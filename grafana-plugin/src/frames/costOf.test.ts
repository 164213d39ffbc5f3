import { aResult } from '../testing/fixtures';
import { costOf } from './costOf';

test('the inspector tells how many buckets of a refresh were asked anew, and how many were kept', () => {
  const told = costOf({ ...aResult().meta, anew: { asked: 2, shown: 720 } }, 0);
  expect(told.slice(1)).toEqual([
    { displayName: 'Buckets asked anew', value: 2, unit: 'short' },
    { displayName: 'Buckets kept', value: 718, unit: 'short' },
  ]);
  expect(costOf(aResult().meta, 0)).toHaveLength(1);
});
