/** What is wrong with the address of an exporter, with what to do; undefined when it can be used. */
export function faultOfUrl(url: string | undefined): string | undefined {
  const text = url?.trim() ?? '';
  if (text === '') {
    return 'The URL is empty. Enter the exporter’s address as Grafana’s server reaches it, such as http://127.0.0.1:9464.';
  }
  if (!/^https?:\/\//i.test(text)) {
    return `The URL "${text}" does not begin with http:// or https://. Enter it in full, such as http://127.0.0.1:9464.`;
  }
  const address = readUrl(text);
  if (!address) {
    return `The URL "${text}" can’t be read. Enter one such as http://127.0.0.1:9464.`;
  }
  const { username, search, hash, pathname } = address;
  if (username !== '') {
    return 'The URL holds a login, which every user of the data source could read. Enter a key as the API key instead.';
  }
  if (search !== '' || hash !== '') {
    return `The URL "${text}" has a part after "?" or "#". Enter the address alone.`;
  }
  return /\/api\/v1\/?$/.test(pathname)
    ? 'The URL ends with /api/v1, which the data source adds itself. Enter the address without it.'
    : undefined;
}

function readUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
