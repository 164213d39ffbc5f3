import { aCatalogWithTime, aQuery } from '../testing/fixtures';
import { changeSplit } from './changeSplit';

const by = (dimension: string) => ({ dimension, operator: 'in' as const, values: ['x'] });

test('a split drops the filters on other dimensions, which it can’t go with', () => {
  const query = aQuery({ filters: [by('device'), by('country'), by('$d'), by('')] });
  expect(changeSplit(query, 'country', aCatalogWithTime())).toEqual(
    aQuery({ groupBy: 'country', filters: [by('country'), by('$d'), by('')] }),
  );
});

test('without a split, and with one by a variable, filters stay', () => {
  const query = aQuery({ groupBy: 'country', filters: [by('country')] });
  expect(changeSplit(query, undefined, aCatalogWithTime())).toEqual(aQuery({ filters: [by('country')] }));
  expect(changeSplit(query, '$by', aCatalogWithTime())).toEqual({ ...query, groupBy: '$by' });
});

test('hours and weekdays stay beside any dimension, another dimension does not', () => {
  const query = aQuery({ groupBy: 'country', thenBy: 'weekday', filters: [by('hour_of_day')] });
  const change = (dimension: string) => changeSplit(query, dimension, aCatalogWithTime());
  expect(change('device')).toEqual({ ...query, groupBy: 'device' });
  expect(change('hour_of_day')).toEqual({ ...query, groupBy: 'hour_of_day' });
  const { thenBy: _, ...alone } = query;
  expect(change('weekday')).toEqual({ ...alone, groupBy: 'weekday' });
  const split = aQuery({ groupBy: 'weekday', thenBy: 'country' });
  expect(changeSplit(split, 'device', aCatalogWithTime())).toEqual(aQuery({ groupBy: 'device' }));
});
