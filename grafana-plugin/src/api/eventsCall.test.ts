import { EVENT_FIELDS } from '@storepulse/contracts/grafana/event-fields';
import { eventFilters } from '@storepulse/contracts/live';
import type { StorepulseFilter } from '../types';
import { eventsCall } from './eventsCall';

const by = (dimension: string, ...values: string[]): StorepulseFilter => ({
  ...{ dimension, operator: 'in', values },
});
const not = (dimension: string, ...values: string[]): StorepulseFilter => ({
  ...{ dimension, operator: 'not_in', values },
});
const searchOf = (...filters: StorepulseFilter[]) => {
  const call = eventsCall({ type: 'events', shop: 'demo', filters, limit: 9 }, { from: 1, to: 2 });
  return call?.path.replace('events?shop=demo&from=1&to=2&limit=9', '');
};

test('filters are parameters: those that exclude begin with not', () => {
  expect(searchOf()).toBe('');
  expect(searchOf(by('type', 'order_placed', 'refund_issued'), not('orderId', 'o 1', 'o&2'))).toBe(
    '&type=order_placed&type=refund_issued&notOrderId=o+1&notOrderId=o%262',
  );
});

test('filters on one field must all hold, and where none of its values is left nothing is asked', () => {
  expect(searchOf(by('country', 'FR', 'DE', 'ES'), by('country', 'DE', 'ES'), not('country', 'ES'))).toBe(
    '&country=DE',
  );
  expect(searchOf(not('country', 'FR'), not('country', 'DE', 'FR'))).toBe('&notCountry=FR&notCountry=DE');
  expect(searchOf(by('country', 'FR'), not('country', 'FR'))).toBeUndefined();
});

test('the exporter knows every field that events can be filtered by, and the editor every one of the exporter', () => {
  const names = Object.keys(EVENT_FIELDS).flatMap((field) => [
    field,
    `not${field[0]!.toUpperCase()}${field.slice(1)}`,
  ]);
  expect(names.sort()).toEqual(Object.keys(eventFilters).sort());
});
