import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { dayOfTraffic } from './day-of-traffic.ts';

test('the picture of a day’s traffic is what the simulator makes today (npm run docs draws it anew)', async () => {
  const committed = await readFile(new URL('../images/day-of-traffic.svg', import.meta.url), 'utf8');
  assert.ok(dayOfTraffic() === committed);
});
