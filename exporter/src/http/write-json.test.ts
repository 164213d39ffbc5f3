import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { writeJson } from './write-json.ts';

/** What is written in the end, and how often it rested before. */
function written(...[value, textOf]: Parameters<typeof writeJson>): { text: string; rests: number } {
  const steps = writeJson(value, textOf);
  let rests = 0;
  for (;;) {
    const { done, value: bytes } = steps.next();
    if (done) return { text: String(bytes), rests };
    rests++;
  }
}

/** Shallow and deep ones, short and long lists, absent members among them. */
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, tie('plain'), tie('long'), tie('list'), tie('object')),
  plain: fc.oneof(fc.string({ unit: 'grapheme' }), fc.double(), fc.boolean(), fc.constant(null)),
  long: fc.array(fc.nat(), { minLength: 17, maxLength: 20 }),
  list: fc.array(tie('value'), { maxLength: 5 }),
  object: fc.dictionary(fc.string(), fc.option(tie('value'), { nil: undefined }), { maxKeys: 5 }),
}));

test('a value is written as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(values, (value) => {
      assert.equal(written(value).text, JSON.stringify(value));
    }),
  );
});

test('a long answer rests after each page, however deep it is and however little its parts hold', () => {
  const parts = Array.from({ length: 4_000 }, (_, i) => ({
    labels: { country: `C${i}` },
    values: [i, null],
  }));
  for (const value of [parts, { results: { A: { frames: [{ fields: parts }] } } }]) {
    const { text, rests } = written(value);
    assert.equal(text, JSON.stringify(value));
    const pages = Math.floor(text.length / 16_384);
    assert.ok(rests >= pages * 0.7 && rests <= pages, `${rests} rests in ${pages} pages`);
  }
});

test('long lists are written by who knows their texts', () => {
  const list = Array.from({ length: 1_000 }, (_, i) => i);
  assert.equal(written({ lists: [list, [1]] }, () => '"known"').text, '{"lists":["known",[1]]}');
});
