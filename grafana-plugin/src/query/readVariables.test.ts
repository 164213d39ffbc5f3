import { CustomVariable, LocalValueVariable, QueryVariable, TextBoxVariable } from '@grafana/scenes';
import { hasVariable } from '@storepulse/contracts/grafana/references';
import { sceneTemplateSrv } from '../testing/sceneTemplateSrv';
import { readVariables } from './readVariables';

const several = (name: string, values: string[], more: object = {}) =>
  new CustomVariable({ name, isMulti: true, value: values, text: values, query: values.join(','), ...more });
/** A variable whose menu holds two of its values, with All chosen. */
const all = (more: object = {}) =>
  new QueryVariable({
    name: 'country',
    isMulti: true,
    includeAll: true,
    value: ['$__all'],
    text: ['All'],
    options: [
      { value: 'France', label: 'France' },
      { value: 'Spain', label: 'Spain' },
    ],
    ...more,
  });
const reader = (...variables: Parameters<typeof sceneTemplateSrv>) =>
  readVariables(sceneTemplateSrv(...variables), {});
const texts = (...found: string[]) => ({ kind: 'texts', texts: found, unknown: [] });

test('a text without variables stands for itself', () => {
  expect(reader()('Korea, Republic of')).toEqual(texts('Korea, Republic of'));
});

/** A reference in braces. */
const braced = (inside: string) => `\${${inside}}`;

test.each(['$x', braced('x'), '[[x]]', braced('x:csv'), '[[x:pipe]]', braced('x:singlequote')])(
  '%s is each of the variable’s values, whatever the format',
  (text) => {
    expect(reader(several('x', ['France', 'Korea, Republic of']))(text)).toEqual(
      texts('France', 'Korea, Republic of'),
    );
  },
);

test.each([
  ['the listed values', {}],
  ['a custom All value', { allValue: '.*' }],
  ['a custom All value that is a variable', { allValue: '$other' }],
  ['a variable that is kept out of the address', { skipUrlSync: true }],
  ['a single-value variable', { isMulti: false, value: '$__all', text: 'All' }],
])('All is All, never %s', (_what, more) => {
  const read = reader(all(more));
  expect(read('$country')).toEqual({ kind: 'all', reference: '$country' });
  expect(read(braced('country:csv'))).toEqual({ kind: 'all', reference: braced('country:csv') });
});

test('a value that is called All is no All', () => {
  expect(reader(several('country', ['All']))('$country')).toEqual(texts('All'));
});

test('All in a part of a text can’t be sent whole, and says so', () => {
  expect(reader(all())('EU $country')).toMatchObject({
    kind: 'none',
    reference: '$country',
    reason: /is All/,
  });
});

test.each([
  ['a multi-value variable without a choice', several('x', [])],
  ['an empty text', new TextBoxVariable({ name: 'x', value: '' })],
])('%s has no value', (_what, variable) => {
  const read = reader(variable);
  expect(read('$x')).toEqual({ kind: 'none', reference: '$x', reason: 'has no value' });
  expect(read('a-$x')).toEqual({ kind: 'none', reference: '$x', reason: 'has no value' });
});

test('several variables in one text give each pair of their values', () => {
  const read = reader(several('a', ['1', '2']), several('b', ['x', 'y']));
  expect(read(`$a-${braced('b')}!`)).toEqual(texts('1-x!', '1-y!', '2-x!', '2-y!'));
});

test('a variable that the dashboard has not is told, and stays as it is', () => {
  expect(reader()('$5 deals')).toEqual({ kind: 'texts', texts: ['$5 deals'], unknown: ['$5'] });
});

test('in a repeated panel a variable is the panel’s value, though the dashboard’s is All', () => {
  const read = reader(new LocalValueVariable({ name: 'country', value: 'Spain', text: 'Spain' }));
  expect(read('$country')).toEqual(texts('Spain'));
});

test('a variable of the request itself wins', () => {
  const scopedVars = {
    __interval: { text: '30s', value: '30s' },
    country: { text: 'Spain', value: 'Spain' },
  };
  const read = readVariables(sceneTemplateSrv(all()), scopedVars);
  expect(read('$__interval')).toEqual(texts('30s'));
  expect(read('$country')).toEqual(texts('Spain'));
});

test('what looks like a variable is told from what does not', () => {
  expect(['$x', braced('x'), '[[x]]', 'a$x'].every(hasVariable)).toBe(true);
  expect(['x', '$', '[x]', 'US$'].some(hasVariable)).toBe(false);
});
