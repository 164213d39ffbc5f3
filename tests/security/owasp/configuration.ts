import assert from 'node:assert/strict';
import { bearer } from '../support/keys.ts';
import { documentedAccess } from '../support/openapi.ts';
import type { Item } from './item.ts';

/** Requests that get an answer of each kind: a page, JSON, problems of the address, of the method and of the body. */
const ASKED = [
  { method: 'GET', url: '/' },
  { method: 'GET', url: '/-/ready' },
  { method: 'GET', url: '/metrics' },
  { method: 'GET', url: '/nowhere' },
  { method: 'GET', url: '/%E0%A4%A' },
  { method: 'DELETE', url: '/-/ready' },
  { method: 'POST', url: '/api/v1/query', payload: '{' },
  { method: 'POST', url: '/v1/events', payload: '{' },
  { method: 'PUT', url: '/v1/rate', payload: '{' },
  { method: 'OPTIONS', url: '/v1/events' },
] as const;

/** What an answer tells of the program, lets a browser do, and guesses. */
export const configuration: Item = {
  id: 'API8',
  name: 'security misconfiguration',
  *trials({ apps, keys }) {
    for (const [name, app] of Object.entries(apps))
      for (const request of ASKED)
        yield {
          what: `${request.method} ${request.url} of ${name}, asked by a page of elsewhere`,
          run: async () => {
            const answer = await app.inject({
              ...request,
              headers: {
                ...{
                  ...bearer(keys.admin),
                  origin: 'https://evil.example',
                  'content-type': 'application/json',
                },
                'access-control-request-method': 'POST',
              },
            });
            const names = Object.keys(answer.headers);
            assert.deepEqual(
              names.filter((each) => /^access-control|^server$|^x-powered-by$|^set-cookie$/.test(each)),
              [],
            );
            assert.equal(answer.headers['x-content-type-options'], 'nosniff');
            assert.doesNotMatch(
              answer.body,
              /\bat .+:\d+:\d+|node_modules|\/src\//,
              'a trace of the program',
            );
          },
        };
    for (const [name, app] of Object.entries(apps))
      for (const host of ['evil.example', '127.0.0.1.evil.example', '10.0.0.1:80', 'localhost.evil.example'])
        yield {
          what: `${name} asked as ${host}`,
          run: async () =>
            assert.equal((await app.inject({ url: '/-/healthy', headers: { host } })).statusCode, 421),
        };
  },
};

/** What others leave about. */
const LEFT_ABOUT = [
  ...['/.env', '/.git/config', '/debug', '/debug/pprof', '/actuator', '/admin', '/swagger.json', '/graphql'],
  ...[
    '/api/v0/query',
    '/api/query',
    '/api/v2/query',
    '/v0/events',
    '/v2/events',
    '/package.json',
    '/server-status',
  ],
];
/** Routes without a key: of these, and of no others, nothing is secret. */
const OPEN = [
  ...['/', '/-/healthy', '/-/ready', '/-/started', '/metrics', '/openapi.json', '/api/v1/openapi.json'],
  ...['/v1/schemas', '/v1/schemas/:type', '/v1/events'],
];
/** Files of pages, and what makes them. */
const OPEN_UNDER = ['/api/docs', '/page/', '/assets/'];

/** Routes that nobody remembers. */
export const inventory: Item = {
  id: 'API9',
  name: 'improper inventory management',
  async *trials({ apps }) {
    for (const [name, app] of Object.entries(apps)) {
      for (const url of LEFT_ABOUT)
        yield {
          what: `GET ${url} of ${name}`,
          run: async () => assert.equal((await app.inject(url)).statusCode, 404),
        };
      const documented = await documentedAccess(app);
      for (const { method, url, access } of app.guarded)
        yield {
          what: `${method} ${url} of ${name}`,
          run: async () => {
            if (access === 'open')
              assert.ok(
                OPEN.includes(url) || OPEN_UNDER.some((path) => url.startsWith(path)),
                'open, and not known to be',
              );
            else if (method !== 'HEAD' && documented)
              assert.ok(documented.has(`${method} ${url}`), 'not in OpenAPI');
          },
        };
      for (const route of documented?.keys() ?? [])
        yield {
          what: `${route} of the OpenAPI document of ${name}`,
          run: async () => assert.ok(app.guarded.some(({ method, url }) => `${method} ${url}` === route)),
        };
    }
  },
};
