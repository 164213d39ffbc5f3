import type { StorepulseOptions, StorepulseSecrets } from '../types';
import { faultOfHeaders, faultOfTls } from './faultOfSecurity';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----';

const some = (
  jsonData: StorepulseOptions,
  secureJsonData: StorepulseSecrets = {},
  secureJsonFields: Record<string, boolean> = {},
) => ({ jsonData: { apiUrl: 'https://exporter', ...jsonData }, secureJsonData, secureJsonFields });

test.each([
  ['nothing', some({})],
  ['a CA certificate', some({ tlsAuthWithCACert: true }, { tlsCACert: CERTIFICATE })],
  ['a kept CA certificate', some({ tlsAuthWithCACert: true }, {}, { tlsCACert: true })],
  ['a client certificate', some({ tlsAuth: true }, { tlsClientCert: CERTIFICATE, tlsClientKey: KEY })],
  ['a kept client key', some({ tlsAuth: true }, { tlsClientCert: CERTIFICATE }, { tlsClientKey: true })],
  ['skipped validation', some({ tlsSkipVerify: true })],
])('%s can be used', (_what, settings) => {
  expect(faultOfTls(settings)).toBeUndefined();
});

test.each([
  [some({ apiUrl: 'http://exporter', tlsSkipVerify: true }), /begins with http:\/\/, which has no TLS/],
  [
    some({ tlsAuthWithCACert: true, tlsSkipVerify: true }, { tlsCACert: CERTIFICATE }),
    /Turn one of the two off/,
  ],
  [some({ tlsAuthWithCACert: true }), /^The CA certificate is not one in PEM/],
  [some({ tlsAuthWithCACert: true }, { tlsCACert: KEY }), /^The CA certificate is not one in PEM/],
  [some({ tlsAuth: true }, { tlsClientCert: CERTIFICATE }), /needs a certificate and its key/],
  [
    some({ tlsAuth: true }, { tlsClientCert: KEY, tlsClientKey: KEY }),
    /^The client certificate is not one in PEM/,
  ],
  [
    some({ tlsAuth: true }, { tlsClientCert: CERTIFICATE, tlsClientKey: CERTIFICATE }),
    /^The client key is not/,
  ],
])('TLS settings that can’t work are said: %#', (settings, message) => {
  expect(faultOfTls(settings)).toMatch(message);
});

test.each([
  [some({ httpHeaderName1: '' }), 'HTTP header 1 has no name'],
  [some({ httpHeaderName1: 'X Tenant' }, { httpHeaderValue1: 'a' }), '"X Tenant" can’t be the name'],
  [some({ httpHeaderName1: 'X-Tenant' }), 'The HTTP header X-Tenant has no value'],
  [
    some(
      { httpHeaderName1: 'X-A', httpHeaderName2: 'x-a' },
      { httpHeaderValue1: 'a', httpHeaderValue2: 'b' },
    ),
    'The HTTP header x-a is there twice',
  ],
])('a header that can’t be sent is said: %#', (settings, message) => {
  expect(faultOfHeaders(settings)).toContain(message);
});

test('headers with values, typed or kept, can be used', () => {
  expect(
    faultOfHeaders(
      some(
        { httpHeaderName1: 'X-A', httpHeaderName2: 'X-B' },
        { httpHeaderValue1: 'a' },
        { httpHeaderValue2: true },
      ),
    ),
  ).toBeUndefined();
});
