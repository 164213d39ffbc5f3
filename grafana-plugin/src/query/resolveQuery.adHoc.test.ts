import { aCatalog, aCatalogWithTime, aMetric, aQuery } from '../testing/fixtures';
import { adHoc, asked, by, not, outcome, remarks } from '../testing/resolving';

describe('ad hoc filters', () => {
  test.each([
    ['=', {}, by('country', 'France')],
    ['!=', {}, not('country', 'France')],
    ['=|', { values: ['France', 'Spain'] }, by('country', 'France', 'Spain')],
    ['!=|', { values: ['France', 'Spain'] }, not('country', 'France', 'Spain')],
  ])('one with %s narrows the query', (operator, values, expected) => {
    const adHocFilters = [{ ...adHoc('country', 'France', operator), ...values }];
    expect(outcome(aQuery(), {}, { adHocFilters })).toEqual({ ...asked, filters: [expected] });
  });

  test('one on another dimension than the split is passed over with a word: the panel does not turn red', () => {
    const query = aQuery({ groupBy: 'country' });
    const adHocFilters = [adHoc('device', 'mobile')];
    expect(outcome(query, {}, { adHocFilters })).toEqual({ ...asked, groupBy: 'country' });
    expect(remarks(query, {}, { adHocFilters })).toEqual([
      'The filter on device is not applied: this query is split by country, and figures are kept by one dimension at a time.',
    ]);
  });

  test('hours and weekdays go with any split and any filter', () => {
    const catalog = aCatalogWithTime();
    const query = aQuery({ groupBy: 'weekday', thenBy: 'hour_of_day' });
    const adHocFilters = [adHoc('country', 'Spain'), adHoc('weekday', 'Monday'), adHoc('device', 'mobile')];
    expect(outcome(query, {}, { catalog, adHocFilters })).toEqual({
      ...{ ...asked, groupBy: ['weekday', 'hour_of_day'] },
      filters: [by('country', 'Spain'), by('weekday', 'Monday')],
    });
    expect(remarks(query, {}, { catalog, adHocFilters })).toEqual([
      'The filter on device is not applied: this query is filtered by country, and figures are kept by one dimension at a time.',
    ]);
  });

  test('where the exporter reads the lake, a country for the whole dashboard goes with any split and any filter', () => {
    const catalog = aCatalog();
    catalog.metrics = [aMetric({ together: ['country', 'device', 'supplier'] })];
    const query = aQuery({ groupBy: 'device' });
    const adHocFilters = [adHoc('country', 'Spain'), adHoc('supplier', 'Acme')];
    expect(outcome(query, {}, { catalog, adHocFilters })).toEqual({
      ...{ ...asked, groupBy: 'device' },
      filters: [by('country', 'Spain'), by('supplier', 'Acme')],
    });
    expect(remarks(query, {}, { catalog, adHocFilters })).toEqual([]);
  });

  test('of two on different dimensions the first applies, the second says why not', () => {
    const adHocFilters = [adHoc('device', 'mobile'), adHoc('country', 'Spain')];
    expect(outcome(aQuery(), {}, { adHocFilters })).toEqual({ ...asked, filters: [by('device', 'mobile')] });
    expect(remarks(aQuery(), {}, { adHocFilters })[0]).toMatch(/filter on country .* filtered by device/);
  });

  test('one that the metric is not kept by is passed over with a word', () => {
    const adHocFilters = [adHoc('device', 'mobile')];
    const query = aQuery({ metric: 'customers' });
    expect(outcome(query, {}, { adHocFilters })).toEqual({ shop: 'demo', metric: 'customers' });
    expect(remarks(query, {}, { adHocFilters })).toEqual([
      'The filter on device is not applied: Customers is not kept by device.',
    ]);
  });

  test('those on the dimension of the split, or of the query’s own filter, are added to it', () => {
    const adHocFilters = [adHoc('country', 'France', '!=')];
    const query = aQuery({ groupBy: 'country', filters: [by('country', 'Spain')] });
    expect(outcome(query, {}, { adHocFilters })).toMatchObject({
      filters: [by('country', 'Spain'), not('country', 'France')],
    });
  });

  test('one that matches everything, or has no key, is nothing; one without a value says so', () => {
    const adHocFilters = [adHoc('country', '.*', '=~'), adHoc('', '')];
    expect([outcome(aQuery(), {}, { adHocFilters }), remarks(aQuery(), {}, { adHocFilters })]).toEqual([
      asked,
      [],
    ]);
    const empty = { adHocFilters: [adHoc('country', '')] };
    expect([outcome(aQuery(), {}, empty), remarks(aQuery(), {}, empty)]).toEqual([
      asked,
      ['The filter on country is not applied: it has no value.'],
    ]);
  });

  test('an operator that the exporter does not know is passed over with a word', () => {
    const adHocFilters = [adHoc('country', 'F.*', '=~')];
    expect(remarks(aQuery(), {}, { adHocFilters })[0]).toMatch(
      /filter on country is not applied: only =, !=/,
    );
  });

  test('without the catalogue one dimension at a time still holds, and the rest is left to the exporter', () => {
    const adHocFilters = [adHoc('planet', 'Mars'), adHoc('device', 'mobile')];
    expect(outcome(aQuery(), {}, { adHocFilters, catalog: undefined })).toEqual({
      ...asked,
      filters: [by('planet', 'Mars')],
    });
  });
});
