import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DataSource } from '../datasource';
import { aQuery, someSettings } from '../testing/fixtures';
import { accessibilityFaults, choose, renderEditor } from '../testing/render';
import { aDataSource, failure, fakeBackend, fakeTemplateSrv } from '../testing/services';
import type { StorepulseQuery } from '../types';
import { QueryEditor } from './QueryEditor';

function open(query: StorepulseQuery, { datasource } = aDataSource()) {
  const onRunQuery = jest.fn();
  const changes = renderEditor(query, ({ value, onChange }) => (
    <QueryEditor datasource={datasource} query={value} onChange={onChange} onRunQuery={onRunQuery} />
  ));
  return { changes, onRunQuery };
}

test('the chosen metric’s exact definition stands beneath the picker', async () => {
  open(aQuery());
  expect(await screen.findByText('Net sales: Gross sales − discounts − returns')).toBeInTheDocument();
});

test('choosing a metric runs the query with it', async () => {
  const { changes, onRunQuery } = open(aQuery());
  await choose('Metric', 'Orders');
  expect(changes.at(-1)).toEqual(aQuery({ metric: 'orders' }));
  expect(onRunQuery).toHaveBeenCalledTimes(1);
});

test('a metric is offered with its name and definition', async () => {
  open(aQuery());
  await userEvent.click(await screen.findByRole('combobox', { name: 'Metric' }));
  expect(await screen.findByText('orders · Distinct orders placed')).toBeInTheDocument();
});

test('only dimensions that the metric is kept by are offered', async () => {
  open(aQuery({ metric: 'customers' }));
  await screen.findByText(/^Customers:/);
  await userEvent.click(screen.getByRole('combobox', { name: 'Group by' }));
  expect(await screen.findByRole('option', { name: /^Country/ })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: /^Device/ })).not.toBeInTheDocument();
});

test('dashboard variables can be chosen as the shop', async () => {
  const { changes } = open(aQuery(), aDataSource({ variables: { shop: 'uk-retail' } }));
  await choose('Shop', '\\$shop');
  expect(changes.at(-1)?.shop).toBe('$shop');
});

test('a new query begins with the first shop, so that it answers at once', async () => {
  const { changes } = open(aQuery({ shop: undefined }));
  await screen.findByText(/^Net sales:/);
  expect(changes).toEqual([aQuery({ shop: 'demo' })]);
});

test('a new query keeps to the default shop when there is one', async () => {
  const { changes } = open(
    aQuery({ shop: undefined }),
    aDataSource({ settings: { defaultShop: 'uk-retail' } }),
  );
  await screen.findByText(/^Net sales:/);
  expect(changes).toEqual([]);
});

test('top N can be set once the answer is split', async () => {
  const { changes } = open(aQuery());
  expect(screen.queryByRole('spinbutton', { name: 'Top' })).not.toBeInTheDocument();
  await screen.findByText(/^Net sales:/);
  await choose('Group by', 'Country');
  await userEvent.type(screen.getByRole('spinbutton', { name: 'Top' }), '5');
  await userEvent.tab();
  expect(changes.at(-1)).toEqual(aQuery({ groupBy: 'country', limit: 5 }));
});

test('a filter takes its values from the exporter', async () => {
  const source = aDataSource({ answer: () => ({ values: ['France', 'Spain'] }) });
  const { changes } = open(
    aQuery({ filters: [{ dimension: 'country', operator: 'in', values: [] }] }),
    source,
  );
  await choose('Values of filter 1', 'France');
  expect(changes.at(-1)?.filters).toEqual([{ dimension: 'country', operator: 'in', values: ['France'] }]);
});

test('a filter can be added, turned round and removed', async () => {
  const { changes } = open(aQuery());
  await screen.findByText(/^Net sales:/);
  await userEvent.click(screen.getByRole('button', { name: 'Add filter' }));
  await choose('Dimension of filter 1', 'Device');
  await choose('Operator of filter 1', 'is none of');
  expect(changes.at(-1)?.filters).toEqual([{ dimension: 'device', operator: 'not_in', values: [] }]);
  await userEvent.click(screen.getByRole('button', { name: 'Remove filter 1' }));
  expect(changes.at(-1)?.filters).toEqual([]);
});

test('without the catalogue the editor says why', async () => {
  const { backendSrv } = fakeBackend(() => failure(502, ''));
  const datasource = new DataSource(someSettings(), { backendSrv, templateSrv: fakeTemplateSrv() });
  render(
    <QueryEditor datasource={datasource} query={aQuery()} onChange={jest.fn()} onRunQuery={jest.fn()} />,
  );
  expect(await screen.findByText(/The exporter can’t be reached/)).toBeInTheDocument();
});

test('every control has a name that assistive technology can tell', async () => {
  open(
    aQuery({ groupBy: 'country', filters: [{ dimension: 'country', operator: 'in', values: ['France'] }] }),
  );
  await screen.findByText(/^Net sales:/);
  expect(await accessibilityFaults()).toEqual([]);
});
