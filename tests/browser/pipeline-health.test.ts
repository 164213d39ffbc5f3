import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fastify from 'fastify';
import { usePreview } from './open-preview.ts';

const openPreview = usePreview();

/** Answers as Prometheus does: one series a question, which is 1, and NaN at first, as quotients of nothing are. */
async function fakePrometheus(t: TestContext) {
  const asked: string[] = [];
  const app = fastify({ forceCloseConnections: true });
  app.get<{ Querystring: { query: string; time: string } }>('/api/v1/query', ({ query: { query, time } }) => {
    asked.push(query);
    const result = [{ metric: {}, value: [Number(time), query.startsWith('time()') ? '90' : '1'] }];
    return { status: 'success', data: { resultType: 'vector', result } };
  });
  app.get<{ Querystring: { query: string; start: string; end: string; step: string } }>(
    '/api/v1/query_range',
    ({ query: { query, start, end, step } }) => {
      asked.push(query);
      const values: [number, string][] = [];
      for (let time = Number(start); time <= Number(end); time += Number(step)) {
        values.push([time, values.length === 0 ? 'NaN' : '1']);
      }
      const result = [{ metric: { job: 'storepulse-processor' }, values }];
      return { status: 'success', data: { resultType: 'matrix', result } };
    },
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => app.close());
  return { url, asked };
}

test('the dashboard of the pipeline shows what Prometheus knows of the parts', async (t) => {
  const { url, asked } = await fakePrometheus(t);
  const { visit, panel, errors } = await openPreview(t, [], { prometheus: url });
  await visit('/d/pipeline-health');
  await panel('Newest event').getByText('1.50').waitFor();
  await panel('Not read yet').getByText('1', { exact: true }).waitFor();
  await panel('Store').getByText('up', { exact: true }).waitFor();
  await panel('Fates of records').getByText('dead letter').waitFor();
  await panel('Traffic requested and achieved').locator('canvas').waitFor();
  await panel('Memory').getByText('storepulse-processor').waitFor();
  assert.ok(asked.includes('sum(storepulse_processor_lag_records)'));
  assert.deepEqual(errors, []);
});

test('without Prometheus its dashboard is not among the others', async (t) => {
  const { page, visit } = await openPreview(t);
  await visit('/dashboards');
  await page.getByRole('link', { name: 'Operations' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Pipeline health' }).count(), 0);
});
