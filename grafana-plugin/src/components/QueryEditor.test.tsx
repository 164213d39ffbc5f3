import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DataSource } from '../datasource';
import { aQuery, someSettings } from '../testing/fixtures';
import { openEditor } from '../testing/openEditor';
import { accessibilityFaults, choose } from '../testing/render';
import { aDataSource, failure, fakeBackend, fakeTemplateSrv } from '../testing/services';
import { listFilterValues } from './listFilterValues';
import { QueryEditor } from './QueryEditor';
import { QueryHelp } from './QueryHelp';

test('the chosen metric’s exact definition stands beneath the picker', async () => {
  openEditor(aQuery());
  expect(await screen.findByText('Net sales: Gross sales − discounts − returns')).toBeInTheDocument();
});

test('the metric is looked for once the catalogue is there, which would take the place of what is typed', async () => {
  const services = aDataSource();
  const catalog = await services.datasource.api.catalog();
  const arrivals = new EventTarget();
  const arrived = new Promise((resolve) => arrivals.addEventListener('arrived', resolve));
  jest.spyOn(services.datasource.api, 'catalog').mockReturnValue(arrived.then(() => catalog));
  openEditor(aQuery(), services);
  const picker = screen.getByRole('combobox', { name: 'Metric' });
  expect(picker).toBeDisabled();
  arrivals.dispatchEvent(new Event('arrived'));
  await waitFor(() => expect(picker).toBeEnabled());
  expect(picker).toHaveValue('Net sales');
});

test('choosing a metric runs the query with it', async () => {
  const { changes, onRunQuery } = openEditor(aQuery());
  await choose('Metric', 'Orders');
  expect(changes.at(-1)).toEqual(aQuery({ metric: 'orders' }));
  expect(onRunQuery).toHaveBeenCalledTimes(1);
});

test('another metric stands beside the first, with what both have; each can be changed and removed', async () => {
  const { changes, onRunQuery } = openEditor(aQuery({ groupBy: 'device' }));
  await screen.findByText(/^Net sales:/);
  expect(screen.queryByRole('button', { name: /^Remove metric/ })).not.toBeInTheDocument();
  await choose('And', 'Orders');
  expect(changes.at(-1)).toEqual(aQuery({ groupBy: 'device', furtherMetrics: ['orders'] }));
  expect(onRunQuery).toHaveBeenCalledTimes(1);
  expect(await screen.findByText(/^Orders:/)).toBeInTheDocument();
  expect(screen.getByText(/^The metrics have several units/)).toBeInTheDocument();
  // Whoever has no pointer goes on from where the metric was chosen.
  expect(screen.getByRole('combobox', { name: 'Metric 2' })).toHaveFocus();
  expect(screen.getByRole('combobox', { name: 'Metric 2' })).toHaveValue('Orders');
  expect(screen.getByRole('combobox', { name: 'And' })).toHaveValue('');

  await choose('Metric 2', 'Customers');
  expect(changes.at(-1)).toEqual(aQuery({ furtherMetrics: ['customers'] }));
  await userEvent.click(screen.getByRole('combobox', { name: 'Group by' }));
  expect(await screen.findByRole('option', { name: /^Country/ })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: /^Device/ })).not.toBeInTheDocument();
  await userEvent.keyboard('{Escape}');

  await userEvent.click(screen.getByRole('button', { name: 'Remove metric 1' }));
  expect(changes.at(-1)).toEqual(aQuery({ metric: 'customers' }));
  expect(screen.queryByRole('combobox', { name: 'Metric 2' })).not.toBeInTheDocument();
});

test('a metric is offered once: those that are there already are not offered as another one', async () => {
  const { changes } = openEditor(aQuery(), aDataSource({ variables: { more: ['orders', 'customers'] } }));
  await screen.findByText(/^Net sales:/);
  await userEvent.click(screen.getByRole('combobox', { name: 'And' }));
  expect(await screen.findByRole('option', { name: /^Orders/ })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: /^Net sales/ })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('option', { name: /^\$more/ }));
  expect(changes.at(-1)).toEqual(aQuery({ furtherMetrics: ['$more'] }));
  expect(await screen.findByText(/^Customers:/)).toBeInTheDocument();
});

test('no more metrics are offered than a query takes', async () => {
  openEditor(aQuery({ furtherMetrics: Array.from({ length: 19 }, (_, n) => `m${n}`) }));
  await screen.findByText(/^Net sales:/);
  expect(screen.getByRole('combobox', { name: 'Metric 20' })).toBeInTheDocument();
  expect(screen.queryByRole('combobox', { name: 'And' })).not.toBeInTheDocument();
});

test('a metric is offered with its name and definition', async () => {
  openEditor(aQuery());
  await userEvent.click(await screen.findByRole('combobox', { name: 'Metric' }));
  expect(await screen.findByText('orders · count · Distinct orders placed')).toBeInTheDocument();
});

test('only dimensions that the metric is kept by are offered', async () => {
  openEditor(aQuery({ metric: 'customers' }));
  await screen.findByText(/^Customers:/);
  await userEvent.click(screen.getByRole('combobox', { name: 'Group by' }));
  expect(await screen.findByRole('option', { name: /^Country/ })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: /^Device/ })).not.toBeInTheDocument();
});

test.each(['aov', 'revenue', 'turnover', 'gross sales'])('the metric picker finds "%s"', async (text) => {
  const { changes } = openEditor(aQuery({ metric: 'orders' }));
  const picker = await screen.findByRole('combobox', { name: 'Metric' });
  await screen.findByText(/^Orders:/);
  await userEvent.type(picker, text);
  await userEvent.click(await screen.findByRole('option', { name: /^Net sales/ }));
  expect(changes.at(-1)?.metric).toBe('net_sales');
});

test('metrics stand under what they are about', async () => {
  openEditor(aQuery());
  await screen.findByText(/^Net sales:/);
  await userEvent.click(screen.getByRole('combobox', { name: 'Metric' }));
  expect(await screen.findByText('Audience')).toBeInTheDocument();
  expect(screen.queryByText('Others')).not.toBeInTheDocument();
});

test.each([
  ['Shop', 'shop'],
  ['Metric', 'metric'],
  ['Group by', 'groupBy'],
  ['Interval', 'interval'],
  ['Compare to', 'compareTo'],
  ['Currency', 'currency'],
] as const)('dashboard variables can be chosen as %s', async (label, field) => {
  const { changes } = openEditor(aQuery(), aDataSource({ variables: { x: 'demo' } }));
  await screen.findByText(/^Net sales:/);
  await choose(label, '\\$x');
  expect(changes.at(-1)?.[field]).toBe('$x');
});

test('dashboard variables can be chosen as the dimension and the value of a filter, and typed as the top N', async () => {
  const source = aDataSource({ variables: { x: 'country' }, answer: () => ({ values: [], total: 0 }) });
  const { changes } = openEditor(aQuery({ groupBy: '$x' }), source);
  await screen.findByText(/^Net sales:/);
  await userEvent.click(screen.getByRole('button', { name: 'Add filter' }));
  await choose('Dimension of filter 1', '\\$x');
  await choose('Values of filter 1', '\\$x');
  await userEvent.type(screen.getByRole('textbox', { name: 'Top' }), '$x');
  await userEvent.tab();
  expect(changes.at(-1)).toMatchObject({
    filters: [{ dimension: '$x', operator: 'in', values: ['$x'] }],
    limit: '$x',
  });
});

test('money can be shown in another currency, of the list or typed; counts have none', async () => {
  const { changes } = openEditor(aQuery());
  await screen.findByText(/^Net sales:/);
  await choose('Currency', 'USD');
  expect(changes.at(-1)?.currency).toBe('USD');
  await userEvent.type(screen.getByRole('combobox', { name: 'Currency' }), 'NOK');
  await userEvent.click(await screen.findByRole('option', { name: /NOK/ }));
  expect(changes.at(-1)?.currency).toBe('NOK');
  await choose('Metric', 'Orders');
  expect(changes.at(-1)).toEqual(aQuery({ metric: 'orders' }));
  expect(screen.queryByRole('combobox', { name: 'Currency' })).not.toBeInTheDocument();
});

test('an earlier time to compare with is chosen', async () => {
  const { changes } = openEditor(aQuery());
  await screen.findByText(/^Net sales:/);
  await choose('Compare to', 'Week before');
  expect(changes.at(-1)?.compareTo).toBe('previous_week');
});

test('a time series is added up, and a split table has shares, by a switch', async () => {
  const { changes } = openEditor(aQuery({ groupBy: 'country' }));
  await screen.findByText(/^Net sales:/);
  expect(screen.queryByRole('switch', { name: 'Share of total' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('switch', { name: 'Cumulative' }));
  expect(changes.at(-1)).toMatchObject({ cumulative: true });
  await choose('Format', 'Table');
  expect(screen.queryByRole('switch', { name: 'Cumulative' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('switch', { name: 'Share of total' }));
  expect(changes.at(-1)).toMatchObject({ format: 'table', share: true });
});

test('with a variable as the metric the dimensions are those of the metric it stands for', async () => {
  openEditor(aQuery({ metric: '$metric' }), aDataSource({ variables: { metric: 'customers' } }));
  await screen.findByText(/^Customers:/);
  await userEvent.click(screen.getByRole('combobox', { name: 'Group by' }));
  expect(await screen.findByRole('option', { name: /^Country/ })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: /^Device/ })).not.toBeInTheDocument();
});

test('a filter is offered only the dimension that the query is split by: no other can go with it', async () => {
  openEditor(aQuery({ groupBy: 'country', filters: [{ dimension: '', operator: 'in', values: [] }] }));
  await screen.findByText(/^Net sales:/);
  await userEvent.click(screen.getByRole('combobox', { name: 'Dimension of filter 1' }));
  expect(await screen.findByRole('option', { name: /^Country/ })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: /^Device/ })).not.toBeInTheDocument();
});

test.each([
  ['of an earlier release', { version: undefined, limit: 5_000, groupBy: 'country' }],
  ['without a shop', { shop: undefined }],
])('opening a saved query %s changes nothing', async (_what, saved) => {
  const { changes, onRunQuery } = openEditor(aQuery(saved));
  await screen.findByText(/^Net sales:/);
  await userEvent.click(document.body);
  for (let stop = 0; stop < 12; stop++) {
    await userEvent.tab();
  }
  expect(changes).toEqual([]);
  expect(onRunQuery).not.toHaveBeenCalled();
});

test('a query without a shop says that one is to be chosen', async () => {
  openEditor(aQuery({ shop: undefined }));
  expect(
    await screen.findByText('Choose a shop', { selector: '[role=alert], [role=alert] *' }),
  ).toBeInTheDocument();
});

test('a new query keeps to the default shop when there is one', async () => {
  const { changes } = openEditor(
    aQuery({ shop: undefined }),
    aDataSource({ settings: { defaultShop: 'uk-retail' } }),
  );
  await screen.findByText(/^Net sales:/);
  expect(changes).toEqual([]);
  expect(screen.queryByText('Choose a shop')).not.toBeInTheDocument();
});

test('a top N that can’t be sent is said and not sent: it is not 5000 on the screen and 1000 on the way', async () => {
  const { changes } = openEditor(aQuery({ groupBy: 'country', limit: 5 }));
  await screen.findByText(/^Net sales:/);
  const top = screen.getByRole('textbox', { name: 'Top' });
  await userEvent.clear(top);
  await userEvent.type(top, '5000');
  await userEvent.tab();
  expect(screen.getByText(/^A whole number from 1 to 1,000/)).toBeInTheDocument();
  expect(top).toHaveValue('5000');
  expect(changes).toEqual([]);
  await userEvent.clear(top);
  await userEvent.type(top, '50');
  await userEvent.tab();
  expect(changes.at(-1)?.limit).toBe(50);
});

test('top N can be set once the answer is split', async () => {
  const { changes } = openEditor(aQuery());
  expect(screen.queryByRole('textbox', { name: 'Top' })).not.toBeInTheDocument();
  await screen.findByText(/^Net sales:/);
  await choose('Group by', 'Country');
  await userEvent.type(screen.getByRole('textbox', { name: 'Top' }), '5');
  await userEvent.tab();
  expect(changes.at(-1)).toEqual(aQuery({ groupBy: 'country', limit: 5 }));
});

const onCountry = (...values: string[]) => ({ dimension: 'country', operator: 'in' as const, values });

test('a filter takes its values from the exporter: by any part, in the panel’s range, under the other filters', async () => {
  const source = aDataSource({ answer: () => ({ values: ['France', 'Spain'], total: 2 }) });
  const other = { ...onCountry('Wales'), operator: 'not_in' as const };
  const { changes } = openEditor(aQuery({ filters: [onCountry(), other] }), source);
  await screen.findByText(/^Net sales:/);
  await userEvent.type(screen.getByRole('combobox', { name: 'Values of filter 1' }), 'ran');
  await userEvent.click(await screen.findByRole('option', { name: /^France/ }));
  expect(changes.at(-1)?.filters).toEqual([onCountry('France'), other]);
  const search = new URLSearchParams(source.sent.at(-1)?.url.split('?')[1]);
  expect(Object.fromEntries(search)).toEqual({
    ...{ shop: 'demo', limit: '100', contains: 'ran', from: '1000', to: '61000' },
    filters: JSON.stringify([other]),
  });
});

test('a menu of values says how many it does not show, and why there are none', async () => {
  const values = Array.from({ length: 100 }, (_, n) => `c${n}`);
  const source = aDataSource({ answer: () => ({ values, total: 5_100 }) });
  expect(
    (await listFilterValues({ shop: 'demo', dimension: 'country' }, source.datasource.api)).at(-1),
  ).toEqual({
    ...{ value: '', infoOption: true },
    label: '5,000 more: type a part of the value',
  });
  const away = aDataSource({ answer: () => failure(502, '') });
  const [why] = await listFilterValues({ shop: 'demo', dimension: 'country' }, away.datasource.api);
  expect(why).toMatchObject({ infoOption: true, label: expect.stringContaining('can’t be reached') });
  const [none] = await listFilterValues({ shop: undefined, dimension: 'country' }, away.datasource.api);
  expect(none?.label).toBe('Choose a shop to see its values');
});

test('a filter can be added, turned round and removed', async () => {
  const { changes } = openEditor(aQuery());
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
  openEditor(
    aQuery({ groupBy: 'country', filters: [{ dimension: 'country', operator: 'in', values: ['France'] }] }),
  );
  await screen.findByText(/^Net sales:/);
  expect(await accessibilityFaults()).toEqual([]);
});

test('a hint offers a query that says more, and a click asks it', async () => {
  const { changes, onRunQuery } = openEditor(aQuery({ format: 'table', hide: true }));
  await userEvent.click(await screen.findByText('Group by country'));
  expect(changes).toEqual([aQuery({ format: 'table', hide: true, groupBy: 'country' })]);
  expect(onRunQuery).toHaveBeenCalledTimes(1);
});

test('the help’s examples are queries of the shop that is chosen, and a click asks one', async () => {
  const onClickExample = jest.fn();
  render(<QueryHelp query={aQuery({ groupBy: 'device' })} onClickExample={onClickExample} />);
  await userEvent.click(screen.getByText('net_sales by country every 1d top 5'));
  expect(onClickExample).toHaveBeenCalledWith(aQuery({ groupBy: 'country', interval: '1d', limit: 5 }));
});
