import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next from 'i18next';
import { t } from './i18n';

test('texts are English until there are others, whatever signs are in them', async () => {
  expect(t('£1,234.50: all of it. {{x}}')).toBe('£1,234.50: all of it. {{x}}');
  await i18next.init({
    lng: 'de',
    resources: { de: { 'storepulse-commerce-datasource': { 'Group by': 'Gruppieren nach' } } },
  });
  expect(t('Group by')).toBe('Gruppieren nach');
  expect(t('£1,234.50: all of it. {{x}}')).toBe('£1,234.50: all of it. {{x}}');
});

test('every label, hint and placeholder of the editors can be translated', () => {
  const folders = ['components', 'variables', 'annotations'].map((name) => join(__dirname, name));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.tsx') && !name.includes('.test.'))
      .map((name) => join(folder, name)),
  );
  expect(files.length).toBeGreaterThan(30);
  // Addresses are the same in all languages.
  const bare = files.flatMap((file) =>
    (readFileSync(file, 'utf8').match(/\b(label|tooltip|placeholder|title)="[^"]*[a-z][^"]*"/g) ?? [])
      .filter((attribute) => !attribute.includes('="http'))
      .map((attribute) => `${file}: ${attribute}`),
  );
  expect(bare).toEqual([]);
});
