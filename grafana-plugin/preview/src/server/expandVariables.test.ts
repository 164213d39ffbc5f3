import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandVariables } from './expandVariables.ts';

test('variables are replaced in both spellings', () => {
  assert.equal(expandVariables(`$\{HOST}:$PORT/`, { HOST: 'exporter', PORT: '9464' }), 'exporter:9464/');
});

test('a variable that is not set becomes empty, as in Grafana', () => {
  assert.equal(expandVariables(`key=$\{KEY}`, {}), 'key=');
});

test('two dollars are a literal one', () => {
  assert.equal(expandVariables('$$5', {}), '$5');
});
