// The texts are what data sources write into links, with references as Grafana has them.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are no templates of JavaScript
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceReferences } from './replaceReferences.ts';

test('a link without a dashboard is of the value that it stands at', () => {
  const field = {
    name: 'Country',
    values: ['DE', '$shop'],
    display: (value: string) => ({ text: `(${value})` }),
  };
  const at = (rowIndex: number) => ({ __dataContext: { value: { field, rowIndex } } }) as never;
  assert.equal(replaceReferences('country = ${__value.raw}', at(0)), 'country = DE');
  assert.equal(replaceReferences('${__value.text} of ${__field.name}', at(0)), '(DE) of Country');
  // A value that looks like a variable is a value.
  assert.equal(replaceReferences('${__value.raw}', at(1)), '$shop');
});

test('variables that a request carries are replaced, and others left', () => {
  const carried = { __interval: { text: '30s', value: '30s' } };
  assert.equal(replaceReferences('every $__interval of ${shop}', carried), 'every 30s of ${shop}');
  assert.equal(replaceReferences('${__interval:raw} $unknown', carried), '30s $unknown');
  assert.equal(replaceReferences('costs $5'), 'costs $5');
});
