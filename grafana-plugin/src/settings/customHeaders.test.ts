import fc from 'fast-check';
import { type CustomHeader, type HeaderSettings, readHeaders, writeHeaders } from './customHeaders';

const someHeaders = (): HeaderSettings => ({
  jsonData: {
    apiUrl: 'https://exporter',
    httpHeaderName1: 'X-A',
    httpHeaderName2: 'X-B',
    httpHeaderName3: 'X-C',
  },
  secureJsonData: {},
  secureJsonFields: { apiKey: true, httpHeaderValue1: true, httpHeaderValue2: true, httpHeaderValue3: true },
});
const kept = (name: string): CustomHeader => ({ name, configured: true, value: '' });

test('headers are read in their order, also from the tenth on', () => {
  const jsonData = Object.fromEntries(
    Array.from({ length: 11 }, (_, n) => [`httpHeaderName${n + 1}`, `X-${n + 1}`]),
  );
  expect(readHeaders({ jsonData, secureJsonFields: {} }).map(({ name }) => name)).toEqual(
    Array.from({ length: 11 }, (_, n) => `X-${n + 1}`),
  );
});

test('a new header gets its name in the settings and its value in the secrets', () => {
  const added = [kept('X-A'), kept('X-B'), kept('X-C'), { name: 'X-D', configured: false, value: 'd' }];
  expect(writeHeaders(someHeaders(), added)).toEqual({
    jsonData: { ...someHeaders().jsonData, httpHeaderName4: 'X-D' },
    secureJsonData: { httpHeaderValue4: 'd' },
    secureJsonFields: someHeaders().secureJsonFields,
  });
});

test('where the first header is removed, no other header gets its value: the last one asks for its own again', () => {
  expect(writeHeaders(someHeaders(), [kept('X-B'), kept('X-C')])).toEqual({
    jsonData: { apiUrl: 'https://exporter', httpHeaderName1: 'X-C', httpHeaderName2: 'X-B' },
    secureJsonData: { httpHeaderValue1: '', httpHeaderValue3: '' },
    secureJsonFields: {
      apiKey: true,
      httpHeaderValue1: false,
      httpHeaderValue2: true,
      httpHeaderValue3: false,
    },
  });
});

test('a renamed header keeps its value', () => {
  const { jsonData, secureJsonFields } = writeHeaders(someHeaders(), [
    kept('X-A'),
    kept('X-New'),
    kept('X-C'),
  ]);
  expect(jsonData).toMatchObject({ httpHeaderName2: 'X-New' });
  expect(secureJsonFields).toEqual(someHeaders().secureJsonFields);
});

test('a value that is reset is emptied on the server too', () => {
  const reset = [kept('X-A'), { name: 'X-B', configured: false, value: '' }, kept('X-C')];
  const written = writeHeaders(someHeaders(), reset);
  expect(written.secureJsonData).toEqual({ httpHeaderValue2: '' });
  expect(written.secureJsonFields).toMatchObject({ httpHeaderValue2: false });
});

test('whatever is added, removed and typed, places have no gap and each kept value stays under its name', () => {
  const change = fc.record({
    keep: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    add: fc.array(fc.constantFrom('N-1', 'N-2', 'N-3'), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
      // What Grafana's server keeps: the value of header X is always "value of X".
      let server: Record<string, string> = {
        httpHeaderValue1: 'value of X-A',
        httpHeaderValue2: 'value of X-B',
      };
      let settings: HeaderSettings = {
        jsonData: { httpHeaderName1: 'X-A', httpHeaderName2: 'X-B' },
        secureJsonFields: { httpHeaderValue1: true, httpHeaderValue2: true },
      };
      for (const { keep, add } of changes) {
        const stays = readHeaders(settings).filter((_, at) => keep[at] ?? true);
        const more = add.map((name) => ({ name, configured: false, value: `value of ${name}` }));
        settings = writeHeaders(settings, [...stays, ...more]);
        // It is saved: what is named replaces what was kept, and what is empty is gone.
        server = Object.fromEntries(
          Object.entries({ ...server, ...(settings.secureJsonData as Record<string, string>) }).filter(
            ([, value]) => value !== '',
          ),
        );
        const fields = Object.keys(server).map((key) => [key, true] as const);
        settings = { jsonData: settings.jsonData, secureJsonFields: Object.fromEntries(fields) };

        const names = Object.entries(settings.jsonData) as Array<[string, string]>;
        expect(new Set(Object.keys(settings.jsonData))).toEqual(
          new Set(names.map((_, at) => `httpHeaderName${at + 1}`)),
        );
        for (const [key, name] of names) {
          expect([undefined, `value of ${name}`]).toContain(server[key.replace('Name', 'Value')]);
        }
        expect(Object.keys(server).length).toBeLessThanOrEqual(names.length);
      }
    }),
  );
});
