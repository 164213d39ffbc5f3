import { aQuery } from '../testing/fixtures';
import type { StorepulseFilter, StorepulseQuery } from '../types';
import { addFilter, hasFilter, toggleFilter } from './toggleFilter';

const events = (...filters: StorepulseFilter[]): StorepulseQuery =>
  aQuery({ queryType: 'events', metric: undefined, filters });
const by = (...values: string[]): StorepulseFilter => ({ dimension: 'country', operator: 'in', values });
const not = (...values: string[]): StorepulseFilter => ({ ...by(...values), operator: 'not_in' });
const france = { key: 'country', value: 'FR' };

test('filter for a value is on, then off again, and leaves filters of several values alone', () => {
  const on = toggleFilter(events(by('FR', 'DE')), france, 'in');
  expect(on).toEqual(events(by('FR', 'DE'), by('FR')));
  expect([hasFilter(on, france), hasFilter(events(by('FR', 'DE')), france)]).toEqual([true, false]);
  expect(toggleFilter(on, france, 'in')).toEqual(events(by('FR', 'DE')));
});

test('filter out takes the place of filter for, and the other way round', () => {
  expect(toggleFilter(events(by('FR')), france, 'not_in')).toEqual(events(not('FR')));
  expect(toggleFilter(events(not('FR')), france, 'in')).toEqual(events(by('FR')));
});

test('what is added twice is there once', () => {
  expect(addFilter(addFilter(events(), france, 'in'), france, 'in')).toEqual(events(by('FR')));
});

test('a query is not filtered by what it can’t be', () => {
  const value = { key: 'total', value: '3' };
  expect(addFilter(events(), value, 'in')).toEqual(events());
});
