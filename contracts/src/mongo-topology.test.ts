import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unfitTopology } from './mongo-topology.ts';

test('a replica set fits; a server alone and a sharded cluster do not, and are told what to do', () => {
  assert.equal(unfitTopology({ setName: 'rs0' }), undefined);
  assert.match(unfitTopology({})!, /not a replica set\. Start it with --replSet/);
  assert.match(unfitTopology({ msg: 'isdbgrid' })!, /sharded cluster.*Name a replica set in MONGODB_URI/);
});
