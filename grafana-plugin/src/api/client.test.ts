import { firstValueFrom } from 'rxjs';
import { aCatalog, aResult } from '../testing/fixtures';
import { type Answer, failure, fakeBackend } from '../testing/services';
import { createApiClient, NotStorepulseError } from './client';

function aClient(answer: Answer) {
  const { backendSrv, sent } = fakeBackend(answer);
  return {
    client: createApiClient({
      baseUrl: '/proxy',
      fetch: (request) => backendSrv.fetch(request),
      chunked: (request) => backendSrv.chunked(request),
    }),
    sent,
  };
}

test('the catalogue is read through the proxy, without an alert of Grafana’s own', async () => {
  const { client, sent } = aClient(aCatalog);
  expect(await client.catalog()).toEqual(aCatalog());
  expect(sent).toEqual([{ method: 'GET', url: '/proxy/api/v1/catalog', showErrorAlert: false }]);
});

test('a page that is no catalogue is refused', async () => {
  const { client } = aClient(() => '<html></html>');
  await expect(client.catalog()).rejects.toThrow(NotStorepulseError);
});

test('two editors that open at once read the catalogue once', async () => {
  const { client, sent } = aClient(aCatalog);
  await Promise.all([client.catalog(), client.catalog()]);
  expect(sent).toHaveLength(1);
});

test('the catalogue is read once, and anew when the exporter tells of another version', async () => {
  let version = '1';
  const { client, sent } = aClient(({ url }) =>
    url.endsWith('catalog')
      ? { ...aCatalog(), version }
      : { results: { 0: aResult() }, catalogVersion: version },
  );
  const ask = () => firstValueFrom(client.ask({ shop: 'demo', metric: 'orders', range: { from: 0, to: 1 } }));
  const reads = () => sent.filter(({ url }) => url.endsWith('catalog')).length;
  await client.catalog();
  await ask();
  await client.catalog();
  expect(reads()).toBe(1);
  version = '2';
  await ask();
  expect(client.peekCatalog()).toBeUndefined();
  expect((await client.catalog()).version).toBe('2');
  expect(reads()).toBe(2);
});

test('a catalogue that could not be read is asked for again', async () => {
  let isUp = false;
  const { client } = aClient(() => (isUp ? aCatalog() : failure(502, '')));
  await expect(client.catalog()).rejects.toMatchObject({ status: 502 });
  isUp = true;
  expect(await client.catalog()).toEqual(aCatalog());
});

test('values of a dimension are asked for with everything escaped', async () => {
  const answer = { values: ['Côte d’Ivoire'], total: 1 };
  const { client, sent } = aClient(() => answer);
  const asked = { dimension: 'country', shop: 'demo', contains: 'Cô&te', range: { from: 1, to: 2 } };
  expect(await client.dimensionValues(asked)).toEqual(answer);
  expect(sent[0]?.url).toBe(
    '/proxy/api/v1/dimensions/country/values?shop=demo&limit=100&contains=C%C3%B4%26te&from=1&to=2',
  );
});

test('a refresh tells what is held where the exporter takes that, unless the settings say otherwise', async () => {
  const query = { shop: 'demo', metric: 'orders', interval: '1h' as const, range: { from: 0, to: 1 } };
  const askedBy = async (takesHeld: boolean, incremental?: boolean) => {
    const { backendSrv, sent } = fakeBackend(({ url }) =>
      url.endsWith('catalog') ? { ...aCatalog(), takesHeld } : { results: { 0: aResult() } },
    );
    const client = createApiClient({
      ...{ baseUrl: '/proxy', ...(incremental === undefined ? {} : { incremental }) },
      fetch: (request) => backendSrv.fetch(request),
      chunked: (request) => backendSrv.chunked(request),
    });
    await client.catalog();
    await firstValueFrom(client.ask(query));
    return sent.at(-1)?.data.queries;
  };
  expect(await askedBy(true)).toEqual([{ refId: '0', ...query, held: [] }]);
  expect(await askedBy(true, false)).toEqual([{ refId: '0', ...query }]);
  expect(await askedBy(false)).toEqual([{ refId: '0', ...query }]);
});
