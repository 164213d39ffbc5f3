import { aCatalog } from '../testing/fixtures';
import { cacheCatalog } from './cacheCatalog';

test('a kept catalogue is read anew when it is older than is wanted: shops come without another version', async () => {
  let now = 0;
  const read = jest.fn(async () => aCatalog());
  const cache = cacheCatalog(read, () => now);
  await cache.get();
  now = 60_000;
  await cache.get(60_000);
  expect(read).toHaveBeenCalledTimes(1);
  now = 60_001;
  await cache.get(60_000);
  expect(read).toHaveBeenCalledTimes(2);
});

test('an exporter that tells no version leaves the catalogue as it is', async () => {
  const cache = cacheCatalog(async () => aCatalog());
  await cache.get();
  cache.noteVersion(undefined);
  cache.noteVersion('1');
  expect(cache.peek()).toEqual(aCatalog());
});
