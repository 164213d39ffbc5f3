import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePorts } from './free-ports.ts';
import { requireFreePorts } from './require-free-ports.ts';

test('free ports pass', async () => {
  const [a, b] = (await freePorts(2)) as [number, number];
  await requireFreePorts([
    { owner: 'kafka', variable: 'KAFKA_PORT', port: a },
    { owner: 'mongodb', variable: 'MONGODB_PORT', port: b },
  ]);
});

test('all ports that are not free are named in one message, with holder and variable', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as { port: number };
  const [free] = (await freePorts(1)) as [number];
  try {
    await assert.rejects(
      requireFreePorts([
        { owner: 'kafka', variable: 'KAFKA_PORT', port: taken },
        { owner: 'mongodb', variable: 'MONGODB_PORT', port: free },
        { owner: 'preview', variable: 'PREVIEW_PORT', port: free },
      ]),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'port_taken');
        assert.match(
          error.message,
          new RegExp(`port ${taken} for kafka is held by process ${process.pid} \\(.*set KAFKA_PORT`),
        );
        assert.match(
          error.message,
          new RegExp(`port ${free} is wanted by mongodb and by preview: set PREVIEW_PORT`),
        );
        return true;
      },
    );
  } finally {
    server.close();
  }
});
