import { screen } from '@testing-library/react';
import { accessibilityFaults, choose, renderEditor } from '../testing/render';
import { aDataSource } from '../testing/services';
import type { StorepulseVariableQuery } from '../types';
import { VariableQueryEditor } from './VariableQueryEditor';

function open(query: StorepulseVariableQuery) {
  const { datasource } = aDataSource();
  return renderEditor(query, ({ value, onChange }) => (
    <VariableQueryEditor datasource={datasource} query={value} onChange={onChange} onRunQuery={jest.fn()} />
  ));
}

test('a variable can list the values of a dimension in a shop', async () => {
  const changes = open({ refId: 'A', kind: 'shops' });
  await choose('List', 'Values of a dimension');
  await choose('Dimension', 'Country');
  await choose('Shop', 'UK retail');
  expect(changes.at(-1)).toEqual({ refId: 'A', kind: 'values', dimension: 'country', shop: 'uk-retail' });
});

test('every control has a name that assistive technology can tell', async () => {
  open({ refId: 'A', kind: 'values', dimension: 'country' });
  await screen.findByDisplayValue('Country');
  expect(await accessibilityFaults()).toEqual([]);
});
