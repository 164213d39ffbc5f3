import type { DataSourceSettings } from '@grafana/data';
import type { StorepulseOptions, StorepulseSecrets } from '../types';
import { readHeaders } from './customHeaders';

type Settings = Pick<
  DataSourceSettings<StorepulseOptions, StorepulseSecrets>,
  'jsonData' | 'secureJsonData' | 'secureJsonFields'
>;

/** What a header may be named: a token of RFC 9110. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What is wrong with the TLS settings, with what to do; undefined when they can be used. */
export function faultOfTls({
  jsonData,
  secureJsonData = {},
  secureJsonFields = {},
}: Settings): string | undefined {
  const { apiUrl = '', tlsAuthWithCACert = false, tlsAuth = false, tlsSkipVerify = false } = jsonData;
  const lacks = (secret: keyof StorepulseSecrets) =>
    !secureJsonFields[secret] && !secureJsonData[secret]?.trim();
  const isNot = (secret: keyof StorepulseSecrets, begin: RegExp) =>
    !secureJsonFields[secret] && !begin.test(secureJsonData[secret]?.trim() ?? '');

  if ((tlsAuthWithCACert || tlsAuth || tlsSkipVerify) && /^http:\/\//i.test(apiUrl.trim())) {
    return 'There are TLS settings, and the URL begins with http://, which has no TLS. Enter one with https://, or turn them off.';
  }
  if (tlsAuthWithCACert && tlsSkipVerify) {
    return 'With certificate validation skipped, the CA certificate is not used. Turn one of the two off.';
  }
  if (tlsAuthWithCACert && isNot('tlsCACert', /^-----BEGIN CERTIFICATE-----/)) {
    return 'The CA certificate is not one in PEM: it begins with -----BEGIN CERTIFICATE-----. Paste the whole file.';
  }
  if (tlsAuth && (lacks('tlsClientCert') || lacks('tlsClientKey'))) {
    return 'TLS client authentication needs a certificate and its key. Paste both, or turn it off.';
  }
  if (tlsAuth && isNot('tlsClientCert', /^-----BEGIN CERTIFICATE-----/)) {
    return 'The client certificate is not one in PEM: it begins with -----BEGIN CERTIFICATE-----. Paste the whole file.';
  }
  if (tlsAuth && isNot('tlsClientKey', /^-----BEGIN [A-Z ]*PRIVATE KEY-----/)) {
    return 'The client key is not one in PEM: it begins with -----BEGIN PRIVATE KEY-----. Paste the whole file.';
  }
  return undefined;
}

/** What is wrong with the custom headers, with what to do; undefined when they can be used. */
export function faultOfHeaders(settings: Settings): string | undefined {
  const headers = readHeaders(settings);
  for (const [at, { name, configured, value }] of headers.entries()) {
    if (name.trim() === '') {
      return `HTTP header ${at + 1} has no name. Enter one, or remove the header.`;
    }
    if (!TOKEN.test(name)) {
      return `"${name}" can’t be the name of an HTTP header. Use letters, digits and hyphens.`;
    }
    if (headers.slice(0, at).some((other) => other.name.toLowerCase() === name.toLowerCase())) {
      return `The HTTP header ${name} is there twice. Remove one.`;
    }
    if (!configured && value === '') {
      return `The HTTP header ${name} has no value. Enter it, or remove the header.`;
    }
  }
  return undefined;
}
