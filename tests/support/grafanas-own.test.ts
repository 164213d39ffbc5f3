import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GRAFANAS_OWN } from './grafanas-own.ts';

test('what is left to Grafana of what axe finds is what the documentation lists, with its reason', () => {
  const page = readFileSync(new URL('../../docs/how-to/preview.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| `(\w+)` of `@grafana\/\w+` \| (.+) \|$/gm)];
  assert.deepEqual(
    rows.map(([, rule, component]) => `${rule} ${component}`).sort(),
    GRAFANAS_OWN.map(({ rule, component }) => `${rule} ${component}`).sort(),
  );
  for (const [, , component, reason] of rows) assert.ok(reason!.length > 30, `${component} has a reason`);
});
