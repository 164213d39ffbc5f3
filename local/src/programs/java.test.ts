import assert from 'node:assert/strict';
import { test } from 'node:test';
import { javaMajor } from './java.ts';

test('the major version of Java is read from what it says of itself', () => {
  assert.equal(javaMajor('openjdk version "17.0.15" 2025-04-15'), 17);
  assert.equal(javaMajor('java version "25" 2025-09-16 LTS'), 25);
  assert.equal(javaMajor('java version "1.8.0_402"'), 8);
});

test('a program that is not Java has no version', () => {
  assert.equal(javaMajor('The operation couldn’t be completed. Unable to locate a Java Runtime.'), 0);
});
