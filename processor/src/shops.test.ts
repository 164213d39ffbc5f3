import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRegistry } from '@storepulse/contracts';
import type { ProcessorError } from './errors.ts';
import { createShopTable, readShops } from './shops.ts';
import { SHOP } from './testing/events.ts';
import { memoryKafka } from './testing/memory-kafka.ts';

const aRecord = (value: string) => ({
  key: Buffer.from(SHOP.shop),
  value: Buffer.from(value),
  headers: {},
  timestamp: 0,
});
const aTable = () => createShopTable(eventRegistry, async () => undefined);

test('shops are those that the topic tells of; what is none is passed over', async () => {
  const { kafka } = memoryKafka([
    [aRecord('no JSON'), aRecord('{}')],
    [aRecord(JSON.stringify(SHOP)), aRecord(JSON.stringify({ ...SHOP, timeZone: 'Europe/Atlantis' }))],
  ]);
  const table = aTable();
  const reader = await readShops(kafka, 'test', () => table, assert.fail);
  await reader.catchUp();
  assert.deepEqual(table.get(SHOP.shop)?.shop, SHOP);
  await reader.stop();
});

test('the end of the reader is told: without shops nothing can be claimed', async () => {
  const { kafka } = memoryKafka([[]]);
  const ended: string[] = [];
  const ending: typeof kafka = {
    ...kafka,
    consumer: (options) => ({
      ...kafka.consumer(options),
      start: async ({ onCrash }) => onCrash(new Error('no broker for minutes')),
    }),
  };
  const reader = await readShops(ending, 'test', aTable, ({ message }) => ended.push(message));
  assert.deepEqual(ended, ['no broker for minutes']);
  await reader.stop();
});

test('a wait for shops has an end, which tells what is not read and why', async () => {
  const { kafka } = memoryKafka([[aRecord(JSON.stringify(SHOP))], [aRecord('{}'), aRecord('{}')]]);
  const { consumer } = kafka;
  const broken: typeof kafka = {
    ...kafka,
    consumer: (options) => {
      const member = consumer(options);
      return {
        ...member,
        start: (handlers) =>
          member.start({
            ...handlers,
            onBatch: async (batch, control) => {
              if (batch.partition === 0) await handlers.onBatch(batch, control);
              else handlers.onTrouble?.('shops', 1, new Error('its records are of format 1'));
            },
          }),
      };
    },
  };
  const reader = await readShops(broken, 'test', aTable, assert.fail, 20);
  await assert.rejects(
    reader.catchUp(),
    (error: ProcessorError) =>
      error.code === 'SHOPS_NOT_READ' &&
      /: partition 1 is at 0 of 2 \(its records are of format 1\)\.$/.test(error.message),
  );
  await reader.stop();
});
