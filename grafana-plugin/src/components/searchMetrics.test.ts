import { aMetric } from '../testing/fixtures';
import { searchMetrics } from './searchMetrics';

const metrics = [
  aMetric({
    name: 'gross_sales',
    title: 'Gross sales',
    synonyms: ['revenue before discounts'],
    description: 'Σ price',
  }),
  aMetric({
    name: 'net_sales',
    title: 'Net sales',
    synonyms: ['revenue'],
    description: 'Gross sales − returns',
  }),
  aMetric({
    name: 'aov',
    title: 'Average order value',
    synonyms: ['basket value'],
    description: 'Sales ÷ orders',
  }),
];
const found = (text: string) => searchMetrics(metrics, text).map(({ name }) => name);

test('what is called so comes before what begins so, and that before what mentions it', () => {
  expect(found('Revenue')).toEqual(['net_sales', 'gross_sales']);
  expect(found('gross')).toEqual(['gross_sales', 'net_sales']);
});

test('a metric is found by its name, by another word for it and by its definition', () => {
  expect(found('aov')).toEqual(['aov']);
  expect(found('basket')).toEqual(['aov']);
  expect(found('returns')).toEqual(['net_sales']);
});

test('of several words each has to be found, in whatever order', () => {
  expect(found('value order')).toEqual(['aov']);
  expect(found('value pear')).toEqual([]);
});

test('without a text all stand as in the catalogue', () => {
  expect(found(' ')).toEqual(['gross_sales', 'net_sales', 'aov']);
});

test('a catalogue of an exporter without synonyms is searched by the rest', () => {
  const { synonyms: _none, ...older } = aMetric();
  expect(searchMetrics([older], 'net')).toHaveLength(1);
});
