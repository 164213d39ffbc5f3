import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { zoneCalendar } from './time.ts';
import { escapeField, parseWindowId, unescapeField, windowExpiry, windowId } from './windows.ts';

test('a window id reads back as the window it names', () => {
  const id = 'uk-retail|sales|narrow|1h|1322697600000|0';
  assert.equal(windowId(parseWindowId(id)), id);
  for (const text of ['', 'a|b', 'a|b|c|2h|0|0', `${id}|x`])
    assert.throws(() => parseWindowId(text), RangeError);
});

test('any dimension value becomes a field name that MongoDB takes, and reads back', () => {
  fc.assert(
    fc.property(
      fc.string({
        minLength: 1,
        unit: fc.constantFrom('a', '.', '$', '%', '_', '2', 'E', '4', '5', 'F', 'é'),
      }),
      (value) => {
        const field = escapeField(value);
        assert.ok(!field.includes('.') && !field.startsWith('$') && !field.startsWith('__'));
        assert.equal(unescapeField(field), value);
      },
    ),
  );
});

test('ten-second windows go after two days, a shop that keeps everything keeps them', () => {
  const utc = zoneCalendar('UTC');
  const window = { resolution: '10s', start: 0 } as Parameters<typeof windowExpiry>[0];
  assert.equal(windowExpiry(window, 'standard', utc), 10_000 + 2 * 86_400_000);
  assert.equal(windowExpiry(window, 'forever', utc), null);
  assert.equal(windowExpiry({ ...window, resolution: 'all' }, 'standard', utc), null);
});
