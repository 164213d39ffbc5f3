import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Machine, whyNotHere } from './requirements.ts';

const FIT: Machine = {
  platform: 'linux',
  userId: 0,
  hasProgram: () => true,
  namespaceFault: async () => undefined,
};

test('on Linux as root, with the programs and with namespaces, images can be built and run', async () => {
  assert.equal(await whyNotHere(FIT), undefined);
});

test('what is missing is told, with the command that brings it', async () => {
  const here = ['runc', 'unshare', 'setpriv', 'tar', 'ip', 'catatonit'];
  const why = await whyNotHere({ ...FIT, hasProgram: (name) => here.includes(name) });
  assert.match(why!, /not on PATH: podman, debootstrap\.$/m);
  assert.match(why!, /^On Debian: apt-get install --no-install-recommends podman debootstrap$/m);
});

for (const [who, machine, says] of [
  ['another system', { platform: 'darwin' }, /this is darwin: use a Linux machine/],
  ['another user than root', { userId: 1000 }, /need root: use sudo/],
  [
    'a machine without namespaces',
    { namespaceFault: async () => 'unshare failed: Operation not permitted' },
    /no namespaces \(unshare failed: Operation not permitted\).*use the machine itself/,
  ],
] as const) {
  test(`${who} is told why, and what to do`, async () => {
    assert.match((await whyNotHere({ ...FIT, ...machine }))!, says);
  });
}
