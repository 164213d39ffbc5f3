import { aCatalog } from '../testing/fixtures';
import { type Answer, fakeBackend } from '../testing/services';
import { createApiClient, NotStorepulseError } from './client';

function aClient(answer: Answer) {
  const { backendSrv, sent } = fakeBackend(answer);
  return {
    client: createApiClient({ baseUrl: '/proxy', fetch: (request) => backendSrv.fetch(request) }),
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

test('values of a dimension are asked for with everything escaped', async () => {
  const { client, sent } = aClient(() => ({ values: ['Côte d’Ivoire'] }));
  const values = await client.dimensionValues({ dimension: 'country', shop: 'demo', prefix: 'Cô&te' });
  expect(values).toEqual(['Côte d’Ivoire']);
  expect(sent[0]?.url).toBe(
    '/proxy/api/v1/dimensions/country/values?shop=demo&prefix=C%C3%B4%26te&limit=100',
  );
});
