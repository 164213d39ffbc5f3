import { checkHealth, type TestedSettings } from './checkHealth';
import { aCatalog } from './testing/fixtures';
import { failure } from './testing/services';

const answering = { catalog: async () => aCatalog() };
const settings = (changes: Partial<TestedSettings> = {}): TestedSettings => ({
  apiUrl: 'http://exporter:9464',
  defaultShop: undefined,
  ...changes,
});

test.each([undefined, '', '  '])('an empty URL (%j) is said, and nothing is asked', async (apiUrl) => {
  const catalog = jest.fn();
  expect(await checkHealth({ catalog }, settings({ apiUrl }))).toEqual({
    status: 'error',
    message: expect.stringMatching(/^The URL is empty\. Enter the exporter’s address/),
  });
  expect(catalog).not.toHaveBeenCalled();
});

test('a reached exporter tells what it has', async () => {
  expect(await checkHealth(answering, settings())).toEqual({
    status: 'success',
    message: 'Connected: 3 metrics, 2 shops.',
  });
});

test('an exporter without shops is fine, and says so', async () => {
  const empty = { catalog: async () => ({ ...aCatalog(), shops: [] }) };
  expect(await checkHealth(empty, settings())).toEqual({
    status: 'success',
    message: 'Connected: 3 metrics, no shop has sent events yet.',
  });
});

test('a default shop that does not exist is an error that names those that do', async () => {
  expect(await checkHealth(answering, settings({ defaultShop: 'dmeo' }))).toEqual({
    status: 'error',
    message: 'Connected, but there is no shop "dmeo". Choose a default shop among: demo, uk-retail.',
  });
});

test('an exporter that can’t be reached is an error with what to do', async () => {
  const unreachable = { catalog: () => Promise.reject(failure(502, '')) };
  expect(await checkHealth(unreachable, settings())).toMatchObject({
    status: 'error',
    message: expect.stringContaining('Check that it runs'),
  });
});
