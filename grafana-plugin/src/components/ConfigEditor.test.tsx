import type { DataSourceConfigValidationAPI, DataSourceSettings } from '@grafana/data';
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { accessibilityFaults, renderEditor } from '../testing/render';
import type { StorepulseOptions, StorepulseSecrets } from '../types';
import { ConfigEditor } from './ConfigEditor';

type Settings = DataSourceSettings<StorepulseOptions, StorepulseSecrets>;

function open(settings: Partial<Settings> = {}, validation?: DataSourceConfigValidationAPI) {
  const initial = { jsonData: {}, secureJsonFields: {}, ...settings } as Settings;
  return renderEditor(initial, ({ value, onChange }) => (
    <ConfigEditor options={value} onOptionsChange={onChange} {...(validation ? { validation } : {})} />
  ));
}

test('the URL is kept without a slash at its end', async () => {
  const changes = open();
  await userEvent.type(screen.getByRole('textbox', { name: 'URL' }), 'http://exporter:9464/');
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
  await userEvent.type(screen.getByRole('textbox', { name: 'Default shop' }), 'demo');
  expect(changes.at(-1)?.jsonData).toEqual({ defaultShop: 'demo' });
});

test('settings from a provisioning file are read only: nothing of them can be changed', () => {
  open({ readOnly: true, jsonData: { apiUrl: 'http://exporter:9464' } });
  for (const name of ['URL', 'API key', 'Default shop']) {
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
  await userEvent.type(screen.getByRole('textbox', { name: 'URL' }), url);
  expect(screen.queryByText(message)).not.toBeInTheDocument();
  await userEvent.tab();
  expect(screen.getByText(message)).toBeInTheDocument();
});

test('a data source without a URL is not saved, and says so', async () => {
  let validate: () => boolean | Promise<boolean> = () => true;
  const errors: Record<string, string> = {};
  const validation: DataSourceConfigValidationAPI = {
    registerValidation: (validator) => {
      validate = validator;
      return () => undefined;
    },
    validate: async () => validate(),
    isValid: () => Object.keys(errors).length === 0,
    getErrors: () => errors,
    setError: (field, message) => {
      errors[field] = message;
    },
    clearError: (field) => {
      delete errors[field];
    },
  };
  open({}, validation);
  expect(await act(async () => validate())).toBe(false);
  expect(screen.getByText(/^The URL is empty/)).toBeInTheDocument();
  expect(errors.apiUrl).toMatch(/^The URL is empty/);
  await userEvent.type(screen.getByRole('textbox', { name: 'URL' }), 'http://exporter:9464');
  expect(await act(async () => validate())).toBe(true);
  expect(errors).toEqual({});
});

test('every control has a name that assistive technology can tell', async () => {
  open();
  expect(await accessibilityFaults()).toEqual([]);
});
