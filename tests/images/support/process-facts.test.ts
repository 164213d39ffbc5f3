import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, faultsOfRights, hasReadOnlyRoot } from './process-facts.ts';

const NONE = '0000000000000000';
const statusOf = (fields: Record<string, string>) => {
  const all = {
    Name: 'node',
    Uid: '1000\t1000\t1000\t1000',
    ...{ CapInh: NONE, CapPrm: NONE, CapEff: NONE, CapBnd: NONE, CapAmb: NONE },
    NoNewPrivs: '1',
    ...fields,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}:\t${value}`)
    .join('\n');
};

test('a process with no more rights than it needs has no fault', () => {
  assert.deepEqual(faultsOfRights(statusOf({})), []);
});

for (const [what, fields, says] of [
  ['root', { Uid: '0\t0\t0\t0' }, /^node runs as user 0/],
  ['root of which one id is left', { Uid: '1000\t1000\t0\t1000' }, /^node runs as user 1000\t1000\t0/],
  ['capabilities', { CapEff: '00000000a80425fb' }, /^node has capabilities, CapEff 00000000a80425fb$/],
  ['capabilities that it could get', { CapBnd: '0000000000000400' }, /CapBnd/],
  ['privileges that it could get', { NoNewPrivs: '0' }, /can get new privileges/],
] as const) {
  test(`a process with ${what} is at fault`, () => {
    const faults = faultsOfRights(statusOf(fields));
    assert.equal(faults.length, 1);
    assert.match(faults[0]!, says);
  });
}

test('a root is read-only by its own mount, whatever else is mounted', () => {
  const tmp = 'tmpfs /tmp tmpfs rw,nosuid 0 0';
  assert.equal(hasReadOnlyRoot(`overlay / overlay ro,relatime,lowerdir=/a 0 0\n${tmp}\n`), true);
  assert.equal(hasReadOnlyRoot(`overlay / overlay rw,relatime,lowerdir=/ro 0 0\n${tmp}\n`), false);
  assert.equal(hasReadOnlyRoot(tmp), false);
});

test('sizes are those of the compose file', () => {
  assert.equal(bytesOf('512m'), 536_870_912);
  assert.equal(bytesOf('1g'), 1_073_741_824);
  assert.throws(() => bytesOf('1.5g'), /not a number/);
});
