import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignHosts } from './own-hosts.ts';

test('on a loopback address, hosts are ours under its names and those that are set', () => {
  const foreign = foreignHosts('127.0.0.1', ['Shop.internal']);
  const ours = [
    '127.0.0.1',
    '127.0.0.9:80',
    'localhost:9464',
    'LOCALHOST',
    'a.localhost',
    'localhost.',
    '[::1]:80',
    '[::1]',
  ];
  for (const host of [undefined, ...ours, 'shop.internal:80']) assert.equal(foreign(host), undefined, host);
});

test('any other is told by its name', () => {
  const foreign = foreignHosts('localhost', []);
  assert.equal(foreign('Evil.example:80'), 'evil.example');
  for (const host of ['localhost.evil.example', '127.0.0.1.evil.example', '127.evil.example', '[::2]', '']) {
    assert.notEqual(foreign(host), undefined, host);
  }
});

test('elsewhere than on a loopback address no host is foreign', () => {
  assert.equal(foreignHosts('0.0.0.0', [])('evil.example'), undefined);
});
