import { failure } from '../testing/services';
import { NotStorepulseError } from './client';
import { describeFailure } from './describeFailure';

test('a problem of the exporter is told in its own words', () => {
  const problem = {
    title: 'No such shop',
    detail: 'there is no shop "x"; there are demo',
    code: 'unknown_shop',
  };
  expect(describeFailure(failure(404, problem))).toBe('No such shop: there is no shop "x"; there are demo');
});

test.each([
  [
    'an upstream 401, which Grafana’s proxy passes on as 400',
    400,
    { message: 'Authentication to data source failed' },
    /API key/,
  ],
  ['a 401', 401, {}, /API key/],
  ['a key without the right to read', 403, {}, /not allowed to read/],
  ['an address without the API', 404, {}, /URL is that of a Storepulse exporter/],
  ['an exporter that is down', 502, '', /can’t be reached. Check that it runs/],
  ['an exporter that is too slow', 504, undefined, /did not answer in time/],
])('%s says what to do', (_what, status, data, expected) => {
  expect(describeFailure(failure(status, data))).toMatch(expected);
});

test('any other status is named', () => {
  expect(describeFailure(failure(418))).toBe('The request failed with status 418');
});

test('another web page at the address is told apart', () => {
  expect(
    describeFailure(new NotStorepulseError('The address answers, but not with a metric catalogue')),
  ).toBe(
    'The address answers, but not with a metric catalogue. Check that the URL is that of a Storepulse exporter.',
  );
});
