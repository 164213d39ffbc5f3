import { aQuery } from '../testing/fixtures';
import { changeSplit } from './changeSplit';

const by = (dimension: string) => ({ dimension, operator: 'in' as const, values: ['x'] });

test('a split drops the filters on other dimensions, which it can’t go with', () => {
  const query = aQuery({ filters: [by('device'), by('country'), by('$d'), by('')] });
  expect(changeSplit(query, 'country')).toEqual(
    aQuery({ groupBy: 'country', filters: [by('country'), by('$d'), by('')] }),
  );
});

test('without a split, and with one by a variable, filters stay', () => {
  const query = aQuery({ groupBy: 'country', filters: [by('country')] });
  expect(changeSplit(query, undefined)).toEqual(aQuery({ filters: [by('country')] }));
  expect(changeSplit(query, '$by')).toEqual({ ...query, groupBy: '$by' });
});
