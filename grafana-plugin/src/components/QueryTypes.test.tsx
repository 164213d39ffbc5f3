import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { aCatalogWithLatency, aQuery } from '../testing/fixtures';
import { openEditor } from '../testing/openEditor';
import { accessibilityFaults, choose } from '../testing/render';
import { aDataSource } from '../testing/services';
import type { StorepulseQuery } from '../types';

const funnel = (changes: Partial<StorepulseQuery> = {}): StorepulseQuery => ({
  ...{ version: 1, refId: 'A', shop: 'demo', queryType: 'funnel', steps: ['visited', 'ordered'] },
  ...changes,
});
const cohort = (changes: Partial<StorepulseQuery> = {}): StorepulseQuery => ({
  ...{ version: 1, refId: 'A', shop: 'demo', queryType: 'cohort' },
  ...changes,
});

test('a funnel is made of a metric by choosing the type: its fields take the place, and it answers at once', async () => {
  const { changes, onRunQuery } = openEditor(aQuery());
  await screen.findByText(/^Net sales:/);
  await choose('Query type', 'Funnel');
  expect(changes).toEqual([funnel({ steps: ['visited', 'viewed', 'carted', 'checkout', 'ordered'] })]);
  expect(onRunQuery).toHaveBeenCalledTimes(1);
  expect(screen.queryByRole('combobox', { name: 'Metric' })).not.toBeInTheDocument();
  expect(screen.queryByRole('combobox', { name: 'Interval' })).not.toBeInTheDocument();
  await choose('Query type', 'Metric');
  expect(changes.at(-1)).toEqual(aQuery());
});

test('a distribution offers the metrics of which every value is kept, with their definition', async () => {
  const source = aDataSource({ catalog: aCatalogWithLatency() });
  const { changes } = openEditor(aQuery(), source);
  await screen.findByText(/^Net sales:/);
  await choose('Query type', 'Distribution');
  expect(changes.at(-1)).toMatchObject({ queryType: 'distribution', metric: 'latency' });
  expect(screen.getByText('Latency: Time of a checkout')).toBeInTheDocument();
  expect(screen.queryByRole('combobox', { name: 'Group by' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('combobox', { name: 'Metric' }));
  expect(await screen.findByRole('option', { name: /^Latency/ })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: /^Orders/ })).not.toBeInTheDocument();
});

test('steps are chosen in their order, a variable among them', async () => {
  const { changes } = openEditor(funnel(), aDataSource({ variables: { step: 'viewed' } }));
  await screen.findByRole('combobox', { name: 'Steps' });
  await choose('Steps', 'Started checkout');
  // The menu stays open for the next one.
  await userEvent.click(await screen.findByRole('option', { name: /^\$step/ }));
  expect(changes.at(-1)?.steps).toEqual(['visited', 'ordered', 'checkout', '$step']);
});

test('a funnel is split by what visits are kept by, with a top N of its own, and filtered by another dimension', async () => {
  const { changes } = openEditor(funnel());
  await choose('Group by', 'Device');
  await userEvent.type(screen.getByRole('textbox', { name: 'Top' }), '101');
  await userEvent.tab();
  expect(screen.getByText(/^A whole number from 1 to 100,/)).toBeInTheDocument();
  await userEvent.clear(screen.getByRole('textbox', { name: 'Top' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Top' }), '2');
  await userEvent.tab();
  await userEvent.click(screen.getByRole('switch', { name: /In any order/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Add filter' }));
  await choose('Dimension of filter 1', 'Country');
  const filters = [{ dimension: 'country', operator: 'in', values: [] }];
  expect(changes.at(-1)).toEqual(funnel({ groupBy: 'device', limit: 2, open: true, filters } as never));
});

test('cohorts are followed for some months, or as many as a variable says, as counts or shares', async () => {
  const { changes } = openEditor(cohort());
  const months = await screen.findByRole('textbox', { name: 'Months' });
  await userEvent.type(months, '121');
  await userEvent.tab();
  expect(screen.getByText(/^A whole number from 1 to 120,/)).toBeInTheDocument();
  expect(changes).toEqual([]);
  await userEvent.clear(months);
  await userEvent.type(months, '$months');
  await userEvent.tab();
  await userEvent.click(screen.getByRole('switch', { name: /As shares/ }));
  expect(changes.at(-1)).toEqual(cohort({ months: '$months', share: true }));
});

test('values of a filter are asked under the filters on the same dimension: others can’t narrow them', async () => {
  const source = aDataSource({ answer: () => ({ values: ['mobile'], total: 1 }) });
  const other = { dimension: 'country', operator: 'in' as const, values: ['France'] };
  const { changes } = openEditor(
    funnel({ filters: [{ ...other, dimension: 'device', values: [] }, other] }),
    source,
  );
  await choose('Values of filter 1', 'mobile');
  expect(changes.at(-1)?.filters?.[0]?.values).toEqual(['mobile']);
  expect(source.sent.at(-1)?.url).not.toContain('filters');
});

test('events are filtered by what they are, from a closed list, and by the order that is typed', async () => {
  const { changes } = openEditor({ ...cohort(), queryType: 'events' });
  await userEvent.click(await screen.findByRole('button', { name: 'Add filter' }));
  await choose('Dimension of filter 1', 'Event type');
  await userEvent.type(screen.getByRole('combobox', { name: 'Values of filter 1' }), 'payment f');
  await userEvent.click(await screen.findByRole('option', { name: /^payment_failed/ }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Latest' }), '50');
  await userEvent.tab();
  expect(changes.at(-1)).toEqual({
    ...{ ...cohort(), queryType: 'events', limit: 50 },
    filters: [{ dimension: 'type', operator: 'in', values: ['payment_failed'] }],
  });
  await userEvent.click(screen.getByRole('button', { name: 'Add filter' }));
  await choose('Dimension of filter 2', 'Order');
  await userEvent.click(screen.getByRole('combobox', { name: 'Values of filter 2' }));
  expect(await screen.findByText('Type a value')).toBeInTheDocument();
});

test('records are chosen by kind, filtered and put in an order; a search takes the place of both', async () => {
  const { changes } = openEditor({ ...cohort(), queryType: 'records', records: 'orders' });
  await choose('Order', 'Total, greatest first');
  await choose('Records', 'Products');
  expect(changes.at(-1)).toMatchObject({ records: 'products', filters: [], sort: undefined });
  await choose('Order', 'Price, least first');
  await userEvent.click(screen.getByRole('button', { name: 'Add filter' }));
  await userEvent.click(screen.getByRole('combobox', { name: 'Operator of filter 1' }));
  expect(await screen.findByRole('option', { name: 'is one of' })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: 'is none of' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('option', { name: 'is one of' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Search' }), 'blue mug');
  await userEvent.tab();
  expect(changes.at(-1)).toMatchObject({ records: 'products', search: 'blue mug', sort: undefined });
  expect(screen.queryByRole('combobox', { name: 'Order' })).not.toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Add filter' })).not.toBeInTheDocument();
});

test.each([
  ['a metric over time', aQuery()],
  ['events', { ...cohort(), queryType: 'events' }],
])('%s can be live', async (_what, query) => {
  const { changes } = openEditor(query);
  await userEvent.click(await screen.findByRole('switch', { name: /^Live/ }));
  expect(changes).toEqual([{ ...query, live: true }]);
});

test('a type of a later release is told, and stays as long as none is chosen', async () => {
  const { changes } = openEditor({ ...cohort(), queryType: 'tarot' });
  expect(await screen.findByText('This release has no query type “tarot”')).toBeInTheDocument();
  expect(changes).toEqual([]);
});

test.each([
  [
    'funnel',
    funnel({ groupBy: 'device', filters: [{ dimension: 'country', operator: 'in', values: ['x'] }] }),
  ],
  ['cohort', cohort({ months: 6 })],
  ['query of events', { ...cohort(), queryType: 'events' }],
  ['query of records', { ...cohort(), queryType: 'records' }],
])('every control of a %s has a name that assistive technology can tell', async (_type, query) => {
  openEditor(query);
  await screen.findByRole('button', { name: 'Add filter' });
  expect(await accessibilityFaults()).toEqual([]);
});
