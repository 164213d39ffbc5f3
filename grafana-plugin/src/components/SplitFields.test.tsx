import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { aCatalogWithTime, aQuery } from '../testing/fixtures';
import { accessibilityFaults, choose } from '../testing/render';
import type { StorepulseQuery } from '../types';
import { SplitFields } from './SplitFields';

function open(query: StorepulseQuery) {
  const onChange = jest.fn();
  const catalog = aCatalogWithTime();
  const dimensions = catalog.dimensions.map(({ name, title }) => ({ value: name, label: title }));
  render(<SplitFields {...{ query, dimensions, catalog, onChange }} variables={[]} loading={false} />);
  return { onChange };
}

test('weekdays are split further by hours, or by any one dimension', async () => {
  const { onChange } = open(aQuery({ groupBy: 'weekday' }));
  await choose('Then by', 'hour of day');
  expect(onChange).toHaveBeenCalledWith(aQuery({ groupBy: 'weekday', thenBy: 'hour_of_day' }));
  expect(await accessibilityFaults()).toEqual([]);
});

test('a country is split further by hours and weekdays alone: figures are kept by one dimension at a time', async () => {
  open(aQuery({ groupBy: 'country' }));
  await userEvent.click(screen.getByRole('combobox', { name: 'Then by' }));
  expect(await screen.findByRole('option', { name: /^weekday/ })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: /^Device/ })).not.toBeInTheDocument();
});
