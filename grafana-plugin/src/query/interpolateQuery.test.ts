import { aQuery } from '../testing/fixtures';
import { fakeTemplateSrv } from '../testing/services';
import { interpolateQuery } from './interpolateQuery';

const filter = (...values: string[]) => ({ dimension: 'country', operator: 'in' as const, values });

test('variables stand for the shop, the metric, the split and the interval', () => {
  const templateSrv = fakeTemplateSrv({ shop: 'uk-retail', metric: 'orders', by: 'device', every: '1h' });
  const query = aQuery({ shop: '$shop', metric: '$metric', groupBy: '$by', interval: '$every' as '1h' });
  expect(interpolateQuery(query, templateSrv, {})).toEqual(
    aQuery({ shop: 'uk-retail', metric: 'orders', groupBy: 'device', interval: '1h' }),
  );
});

test('a multi-value variable in a filter stands for each of its values, commas and all', () => {
  const templateSrv = fakeTemplateSrv({ countries: ['France', 'Korea, Republic of'] });
  const query = aQuery({ filters: [filter('$countries', 'Spain')] });
  expect(interpolateQuery(query, templateSrv, {}).filters).toEqual([
    filter('France', 'Korea, Republic of', 'Spain'),
  ]);
});

test('a variable without a value leaves the split unset', () => {
  const query = aQuery({ groupBy: '$by' });
  expect(interpolateQuery(query, fakeTemplateSrv({ by: '' }), {})).toEqual(aQuery());
});
