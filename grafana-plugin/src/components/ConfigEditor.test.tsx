import type { DataSourceSettings } from '@grafana/data';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { accessibilityFaults, renderEditor } from '../testing/render';
import type { StorepulseOptions, StorepulseSecrets } from '../types';
import { ConfigEditor } from './ConfigEditor';

type Settings = DataSourceSettings<StorepulseOptions, StorepulseSecrets>;

function open(settings: Partial<Settings> = {}) {
  const initial = { jsonData: {}, secureJsonFields: {}, ...settings } as Settings;
  return renderEditor(initial, ({ value, onChange }) => (
    <ConfigEditor options={value} onOptionsChange={onChange} />
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

test('every control has a name that assistive technology can tell', async () => {
  open();
  expect(await accessibilityFaults()).toEqual([]);
});
