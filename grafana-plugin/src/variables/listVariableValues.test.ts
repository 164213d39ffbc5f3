import { aDataSource } from '../testing/services';
import { listVariableValues } from './listVariableValues';

const values = { refId: 'A', kind: 'values' as const, dimension: 'country' };

test('values of a dimension come from the chosen shop', async () => {
  const { datasource, sent } = aDataSource({ answer: () => ({ values: ['France'] }) });
  const options = await listVariableValues({ ...values, shop: 'demo' }, datasource.api, 'uk-retail');
  expect(options).toEqual([{ text: 'France', value: 'France' }]);
  expect(sent[0]?.url).toContain('shop=demo');
});

test('without a chosen shop they come from the default one', async () => {
  const { datasource, sent } = aDataSource({ answer: () => ({ values: [] }) });
  await listVariableValues(values, datasource.api, 'uk-retail');
  expect(sent[0]?.url).toContain('shop=uk-retail');
});

test('without any shop there is nothing to list', async () => {
  const { datasource, sent } = aDataSource();
  expect(await listVariableValues(values, datasource.api, undefined)).toEqual([]);
  expect(sent).toEqual([]);
});
