import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startIssuer } from '../support/issuer.ts';
import { bearer } from '../support/keys.ts';
import { operationsOf } from '../support/openapi.ts';
import { openExporter } from '../support/parts.ts';
import { placesOf } from '../support/samples.ts';
import type { Item } from './item.ts';

/** Headers that some servers follow. */
const HEADERS = [
  'host',
  'x-forwarded-host',
  'forwarded',
  'referer',
  'origin',
  'x-original-url',
  'link',
  'ce-dataschema',
];

/** The address of a server that nobody may be sent to, in every text of every request, in headers and tokens. */
export const forgery: Item = {
  id: 'API7',
  name: 'server side request forgery',
  async *trials({ apps, keys }) {
    let asked = 0;
    const trap = createServer((_request, response) => {
      asked++;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(trap, 'listening');
    await using stack = new AsyncDisposableStack();
    stack.defer(async () => {
      trap.close();
    });
    const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/`;
    const admin = bearer(keys.admin);
    for (const app of [apps.exporter, apps.simulator])
      for (const operation of (await operationsOf(app))!)
        for (const { where, request } of placesOf(operation))
          yield {
            what: `${where} of ${operation.method} ${operation.path}`,
            run: async () => {
              await app.inject({ ...(request(url) as object), headers: admin });
              assert.equal(asked, 0);
            },
          };
    for (const name of HEADERS)
      for (const [path, app] of [
        ['/api/v1/catalog', apps.exporter],
        ['/v1/events', apps.collector],
      ] as const)
        yield {
          what: `the header ${name} at ${path}`,
          run: async () => {
            await app.inject({
              method: path === '/v1/events' ? 'POST' : 'GET',
              url: path,
              headers: { ...admin, [name]: url },
            });
            assert.equal(asked, 0);
          },
        };
    const issuer = stack.use(await startIssuer());
    const exporter = stack.use(await openExporter({ policy: issuer.policy() }));
    for (const header of [{ jku: url }, { x5u: url }, { kid: url }, { jku: `${issuer.url}@${url.slice(7)}` }])
      yield {
        what: `a token with ${JSON.stringify(Object.keys(header))}`,
        run: async () => {
          const token = await issuer.token({ isForeign: true, header, claims: { iss: url } });
          const { statusCode } = await exporter.inject({ url: '/api/v1/catalog', headers: bearer(token) });
          assert.equal(statusCode, 401);
          assert.equal(asked, 0);
        },
      };
  },
};
