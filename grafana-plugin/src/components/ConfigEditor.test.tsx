import type { DataSourceConfigValidationAPI, DataSourceSettings } from '@grafana/data';
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { accessibilityFaults, choose, renderEditor } from '../testing/render';
import type { StorepulseOptions, StorepulseSecrets } from '../types';
import { ConfigEditor } from './ConfigEditor';

type Settings = DataSourceSettings<StorepulseOptions, StorepulseSecrets>;

function open(settings: Partial<Settings> = {}, validation?: DataSourceConfigValidationAPI) {
  const initial = { jsonData: {}, secureJsonFields: {}, ...settings } as Settings;
  return renderEditor(initial, ({ value, onChange }) => (
    <ConfigEditor options={value} onOptionsChange={onChange} {...(validation ? { validation } : {})} />
  ));
}

/** Puts a text into a field at once: a keystroke at a time takes seconds. */
async function fill(label: string | RegExp, text: string) {
  await userEvent.click(screen.getByLabelText(label));
  await userEvent.paste(text);
}

test('the URL is kept without a slash at its end', async () => {
  const changes = open();
  await fill('URL', 'http://exporter:9464/');
  await userEvent.tab();
  expect(changes.at(-1)?.jsonData).toEqual({ apiUrl: 'http://exporter:9464' });
});

test('the API key goes to the secrets and nowhere else', async () => {
  const changes = open();
  await userEvent.type(screen.getByLabelText('API key'), 'k');
  expect(changes.at(-1)).toEqual({ jsonData: {}, secureJsonFields: {}, secureJsonData: { apiKey: 'k' } });
});

test('a key that is set is not shown, and can be replaced', async () => {
  const changes = open({ secureJsonFields: { apiKey: true } });
  expect(screen.getByLabelText('API key')).toBeDisabled();
  await userEvent.click(screen.getByRole('button', { name: 'Reset' }));
  expect(changes.at(-1)?.secureJsonFields).toEqual({ apiKey: false });
});

test('the default shop is kept', async () => {
  const changes = open();
  await fill('Default shop', 'demo');
  expect(changes.at(-1)?.jsonData).toEqual({ defaultShop: 'demo' });
});

test('settings from a provisioning file are read only: nothing of them can be changed', () => {
  open({ readOnly: true, jsonData: { apiUrl: 'http://exporter:9464' } });
  for (const name of ['URL', 'API key', 'Default shop', 'Default interval', 'Incremental querying']) {
    expect(screen.getByLabelText(name)).toBeDisabled();
  }
});

test.each([
  ['exporter:9464', /does not begin with http/],
  ['http://a b', /can’t be read/],
  ['http://user:secret@exporter:9464', /holds a login/],
  ['http://exporter:9464/api/v1', /ends with \/api\/v1/],
  ['http://exporter:9464/?a=b', /part after "\?"/],
])('a URL such as %s is said to be wrong once the field is left', async (url, message) => {
  open();
  await fill('URL', url);
  expect(screen.queryByText(message)).not.toBeInTheDocument();
  await userEvent.tab();
  expect(screen.getByText(message)).toBeInTheDocument();
});

/** A form that Grafana can ask whether it may be saved. */
function aValidation() {
  const validators = new Set<() => boolean | Promise<boolean>>();
  const errors: Record<string, string> = {};
  const validation: DataSourceConfigValidationAPI = {
    registerValidation: (validator) => {
      validators.add(validator);
      return () => validators.delete(validator);
    },
    validate: async () => {
      const answers = await Promise.all([...validators].map((validator) => validator()));
      return answers.every(Boolean);
    },
    isValid: () => Object.keys(errors).length === 0,
    getErrors: () => errors,
    setError: (field, message) => {
      errors[field] = message;
    },
    clearError: (field) => {
      delete errors[field];
    },
  };
  return { validation, errors, save: () => act(() => validation.validate()) };
}

test('a data source without a URL is not saved, and says so', async () => {
  const { validation, errors, save } = aValidation();
  open({}, validation);
  expect(await save()).toBe(false);
  expect(screen.getByText(/^The URL is empty/)).toBeInTheDocument();
  expect(errors.apiUrl).toMatch(/^The URL is empty/);
  await fill('URL', 'http://exporter:9464');
  expect(await save()).toBe(true);
  expect(errors).toEqual({});
});

test('a CA of one’s own goes to the secrets; without one the settings are not saved, and say so', async () => {
  const { validation, errors, save } = aValidation();
  const changes = open({ jsonData: { apiUrl: 'https://exporter' } }, validation);
  await userEvent.click(screen.getByLabelText('Add self-signed certificate'));
  expect(await save()).toBe(false);
  expect(errors.tls).toMatch(/^The CA certificate is not one in PEM/);
  expect(screen.getByText(errors.tls!)).toBeInTheDocument();
  await fill(/CA Certificate/, '-----BEGIN CERTIFICATE-----');
  expect(await save()).toBe(true);
  expect(changes.at(-1)).toMatchObject({
    jsonData: { apiUrl: 'https://exporter', tlsAuthWithCACert: true },
    secureJsonData: { tlsCACert: '-----BEGIN CERTIFICATE-----' },
  });
});

test('a client certificate, its key and the server’s name are kept, the secrets as secrets', async () => {
  const changes = open({ jsonData: { apiUrl: 'https://exporter' } });
  await userEvent.click(screen.getByLabelText('TLS Client Authentication'));
  for (const [label, text] of [
    [/ServerName/, 'shop.internal'],
    [/Client Certificate/, 'a certificate'],
    [/Client Key/, 'a key'],
  ] as const) {
    await fill(label, text);
  }
  expect(changes.at(-1)).toMatchObject({
    jsonData: { apiUrl: 'https://exporter', tlsAuth: true, serverName: 'shop.internal' },
    secureJsonData: { tlsClientCert: 'a certificate', tlsClientKey: 'a key' },
  });
  expect(JSON.stringify(changes.at(-1)?.jsonData)).not.toContain('a key');
});

test('the exporter’s certificate need not be checked, where that is chosen', async () => {
  const changes = open({ jsonData: { apiUrl: 'https://exporter' } });
  await userEvent.click(screen.getByLabelText('Skip TLS certificate validation'));
  expect(changes.at(-1)?.jsonData).toEqual({ apiUrl: 'https://exporter', tlsSkipVerify: true });
});

test('a header of one’s own has its value among the secrets', async () => {
  const { validation, errors, save } = aValidation();
  const changes = open({ jsonData: { apiUrl: 'https://exporter' } }, validation);
  await userEvent.click(screen.getByLabelText('Expand section HTTP headers'));
  await userEvent.click(screen.getByText('Add header'));
  await fill('Header', 'X-Tenant');
  await userEvent.tab();
  expect(await save()).toBe(false);
  expect(errors.httpHeaders).toBe('The HTTP header X-Tenant has no value. Enter it, or remove the header.');
  await fill('Value', 'retail');
  await userEvent.tab();
  expect(await save()).toBe(true);
  expect(changes.at(-1)).toMatchObject({
    jsonData: { apiUrl: 'https://exporter', httpHeaderName1: 'X-Tenant' },
    secureJsonData: { httpHeaderValue1: 'retail' },
  });
});

test('where a header is removed, the one that takes its place asks for its value again', async () => {
  const changes = open({
    jsonData: { httpHeaderName1: 'X-A', httpHeaderName2: 'X-B' },
    secureJsonFields: { httpHeaderValue1: true, httpHeaderValue2: true },
  });
  await userEvent.click(screen.getAllByLabelText('Remove header')[0]!);
  expect(changes.at(-1)).toMatchObject({
    jsonData: { httpHeaderName1: 'X-B' },
    secureJsonFields: { httpHeaderValue1: false, httpHeaderValue2: false },
  });
  expect(screen.getByLabelText('Value')).toBeEnabled();
});

test('the interval that new queries begin with is kept', async () => {
  const changes = open();
  await choose('Default interval', '1 day');
  expect(changes.at(-1)?.jsonData).toEqual({ defaultInterval: '1d' });
});

test('asking only for what has changed can be switched off, and is on where nothing is said', async () => {
  const changes = open();
  expect(screen.getByLabelText('Incremental querying')).toBeChecked();
  await userEvent.click(screen.getByLabelText('Incremental querying'));
  expect(changes.at(-1)?.jsonData).toEqual({ incrementalQuerying: false });
});

test('provisioned TLS and headers can’t be changed', () => {
  open({
    readOnly: true,
    jsonData: { apiUrl: 'https://exporter', tlsAuth: true, tlsAuthWithCACert: true, httpHeaderName1: 'X-A' },
    secureJsonFields: { httpHeaderValue1: true },
  });
  for (const control of [
    ...screen.getAllByRole('checkbox'),
    ...[/CA Certificate/, /Client Certificate/, /Client Key/, /ServerName/, 'Header', 'Value'].map((label) =>
      screen.getByLabelText(label),
    ),
    screen.getByLabelText('Remove header'),
  ]) {
    expect(control).toBeDisabled();
  }
});

test('every control has a name that assistive technology can tell', async () => {
  open();
  // The headings are those of Grafana's own sections.
  expect(await accessibilityFaults(['heading-order'])).toEqual([]);
});
