import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { INPUT_TOPICS, type TopicName } from '@storepulse/contracts';
import { assertRefusal, runRefusals } from './own-servers/refusals.ts';
import { mongoSource } from './support/figures/mongo.ts';
import { readMetricsTopic } from './support/figures/topic.ts';
import { untilDrained } from './support/pipeline/drained.ts';
import { PROGRAMS, replay, runProgram } from './support/pipeline/programs.ts';
import { expectedOf } from './support/retail/expected.ts';
import { isoFile } from './support/retail/files.ts';
import { retailRows } from './support/retail/rows.ts';
import { startTestServers, type TestServers } from './support/servers.ts';

test('on servers that others use too', async (t) => {
  await using servers = await startTestServers();
  // Mostly waiting, so beside the rest.
  const refusals = runRefusals(servers);
  await keepsApart(t, servers);
  await refusesOtherPartitions(t, servers);
  await (await refusals)(t);
});

async function keepsApart(t: TestContext, servers: TestServers): Promise<void> {
  const shop = 'same-name';
  const stacks = [30, 50].map((invoices) => ({
    name: `stack${invoices}`,
    pipeline: servers.pipeline(`stack${invoices}`),
    rows: retailRows(invoices),
    file: join(servers.folder, `${invoices}.csv`),
  }));
  await Promise.all(
    stacks.map(async ({ pipeline, rows, file }) => {
      await writeFile(file, isoFile(rows));
      await pipeline.start('processor');
      const { status, stderr } = await replay(pipeline, { file, shop });
      assert.equal(status, 0, stderr);
      await untilDrained(pipeline);
    }),
  );
  for (const { name, pipeline, rows } of stacks) {
    await t.test(`${name} has its own figures alone of a shop that both have`, async () => {
      const topic = await readMetricsTopic(pipeline);
      await topic.untilLevel();
      for (const source of [mongoSource(pipeline), topic.source])
        assert.deepEqual(await source.lifetime(shop), expectedOf(rows).lifetime);
    });
  }
  await t.test('every topic and group carries the prefix of its stack', async () => {
    const admin = await stacks[0]!.pipeline.admin();
    const topics = await admin.listTopics();
    const { groups } = await admin.listGroups();
    const ours = [...topics, ...groups.map(({ groupId }) => groupId)].filter(
      (name) => !name.startsWith('__'),
    );
    const prefixes = servers.pipelines.map(({ prefix }) => prefix);
    assert.deepEqual(
      ours.filter((name) => !prefixes.some((prefix) => name.startsWith(prefix))),
      [],
    );
  });
}

async function refusesOtherPartitions(t: TestContext, servers: TestServers): Promise<void> {
  const pipeline = servers.pipeline('repartitioned');
  const processor = await pipeline.start('processor');
  await processor.stop();
  const admin = await pipeline.admin();
  const widen = (topics: readonly TopicName[]) =>
    admin.createPartitions({
      topicPartitions: topics.map((topic) => ({ topic: `${pipeline.prefix}${topic}`, count: 6 })),
    });
  const settings = { ...pipeline.settings, PROCESSOR_PORT: '0' };
  await t.test(
    'input topics with different numbers of partitions are refused, each with its number',
    async () => {
      await widen(['transactions']);
      assertRefusal(
        await runProgram(PROGRAMS.processor, [], settings, pipeline.onStop),
        /as many partitions each.+products 4, transactions 6, product-views 4/,
      );
    },
  );
  await t.test('a changed number of partitions is refused, with the ways out', async () => {
    await widen(INPUT_TOPICS.filter((topic) => topic !== 'transactions'));
    assertRefusal(
      await runProgram(PROGRAMS.processor, [], settings, pipeline.onStop),
      /have 6 partitions.+built over 4.+Restore the partition count, or .+ into an empty MONGODB_DATABASE/,
    );
  });
}
