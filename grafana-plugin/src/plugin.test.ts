import plugin from './plugin.json';

test('each proxied path ends with a slash, so that no longer path is sent with the key', () => {
  expect(plugin.routes.map(({ path }) => path.endsWith('/'))).toEqual([true]);
});

test('the key is taken from the settings on the server only; without one no key is made up', () => {
  const [route] = plugin.routes;
  expect(route?.headers).toEqual([
    {
      name: 'Authorization',
      content: '{{ if .SecureJsonData.apiKey }}Bearer {{ .SecureJsonData.apiKey }}{{ end }}',
    },
  ]);
  expect(JSON.stringify(plugin)).not.toMatch(/Bearer [^{]/);
});
