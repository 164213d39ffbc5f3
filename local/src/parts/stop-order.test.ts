import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { kafkaService } from '../servers/kafka.ts';
import { mongodService } from '../servers/mongod.ts';
import type { Member } from './members.ts';
import { partService } from './part-service.ts';
import { STACK } from './stack.ts';
import { stopInOrder } from './stop-order.ts';

const server = (name: Member['name']): Member => ({
  name,
  title: '',
  address: '',
  needs: [],
  service: undefined,
  ports: [],
});
const members: Member[] = [
  server('kafka'),
  server('mongodb'),
  ...STACK.map(({ name, needs }) => ({ ...server(name), needs })),
];

test('everything is stopped before what it needs', async () => {
  const stopped: string[] = [];
  await stopInOrder(members, async ({ name, needs }) => {
    for (const need of needs) assert.ok(!stopped.includes(need), `${need} was stopped before ${name}`);
    await turn();
    stopped.push(name);
  });
  assert.deepEqual([...stopped].sort(), members.map(({ name }) => name).sort());
});

test('the stack starts in an order in which everything comes after what it needs', () => {
  const started = new Set<string>();
  for (const { name, needs } of members) {
    for (const need of needs) assert.ok(started.has(need), `${name} comes before ${need}`);
    started.add(name);
  }
});

test('even when nothing ends by itself, everything has ended within 10 s', () => {
  const find = async () => assert.fail('nothing is started here');
  const graces = new Map<string, number>([
    ['kafka', kafkaService({ find, folder: '', port: 1, controllerPort: 2 }).stopGraceMs],
    ['mongodb', mongodService({ find, folder: '', port: 3 }).stopGraceMs],
    ...STACK.map((part): [string, number] => [part.name, partService(part, {}).stopGraceMs]),
  ]);
  const stopTime = (name: string): number => {
    const dependents = members.filter(({ needs }) => needs.some((need) => need === name));
    return Math.max(0, ...dependents.map((dependent) => stopTime(dependent.name))) + graces.get(name)!;
  };
  for (const { name } of members) assert.ok(stopTime(name) < 10_000, `${name} may take ${stopTime(name)} ms`);
});
