import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { type EventType, eventRegistry, type VisitEvent } from '../events/index.ts';
import {
  type Fields,
  type FieldType,
  scopeOfEvents,
  sqlName,
  sqlText,
  VISIT_SCOPE,
} from '../expressions/index.ts';
import { randomEvents } from '../testing/random-events.ts';
import {
  catalog,
  countedRows,
  dimensionValue,
  mergeSessions,
  metricSql,
  SESSION_STEPS,
  type StoredMetric,
  sessionOf,
} from './index.ts';

const metrics = [...catalog.groups.values()].flat();
const types = [...new Set(metrics.flatMap(({ source }) => (source.from === 'session' ? [] : source.from)))];
const visitTypes = types.filter((type) => 'visitorId' in scopeOfEvents([type], eventRegistry).fields);

const folder = await mkdtemp(join(tmpdir(), 'storepulse-sql-'));
const database = await DuckDBInstance.create(':memory:');
const connection = await database.connect();
after(async () => {
  connection.closeSync();
  await rm(folder, { recursive: true });
});

const SQL_TYPES = { integer: 'BIGINT', number: 'DOUBLE', text: 'VARCHAR', boolean: 'BOOLEAN' } as const;
const typeSql = (field: FieldType): string => {
  if (field.type !== 'list') return SQL_TYPES[field.type as keyof typeof SQL_TYPES];
  const elements = Object.entries(field.elements).map(([name, each]) => `${sqlName(name)} ${typeSql(each)}`);
  return elements.length === 0 ? 'VARCHAR[]' : `STRUCT(${elements})[]`;
};

/** Makes a table of objects, with a column for each field. */
async function load(table: string, rows: readonly object[], columns: Readonly<Record<string, string>>) {
  const path = join(folder, `${table}.json`);
  await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  const types = Object.entries(columns).map(([name, type]) => `${sqlName(name)}: ${sqlText(type)}`);
  await connection.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT * FROM read_json(${sqlText(path)}, format = 'newline_delimited', columns = {${types}})`,
  );
}
const columnsOf = (fields: Fields) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, typeSql(field)]));

/** What the stream adds of these events, row by row, in no order. */
function streamed(metric: StoredMetric, events: readonly unknown[]): string[] {
  return events
    .filter(
      (event) =>
        metric.source.from === 'session' || metric.source.from.includes((event as { type: string }).type),
    )
    .flatMap((event) =>
      [...countedRows(metric, event)].map(({ value, tells }) => {
        const split = metric.dimensions.map((name) =>
          dimensionValue(catalog.dimensions.get(name)!, tells(name)),
        );
        return JSON.stringify([...split, value]);
      }),
    )
    .sort();
}

async function queried(metric: StoredMetric): Promise<string[]> {
  const dimensions = metric.dimensions.map((name) => catalog.dimensions.get(name)!);
  const result = await connection.runAndReadAll(metricSql(metric, { dimensions }));
  return result
    .getRowsJS()
    .map((row) =>
      JSON.stringify(row.slice(2).map((each) => (typeof each === 'bigint' ? Number(each) : each))),
    )
    .sort();
}

test('every metric over events counts the same rows in the stream and in SQL, in every dimension', async () => {
  const { fields } = scopeOfEvents(types, eventRegistry);
  await fc.assert(
    fc.asyncProperty(
      fc.array(randomEvents(types as EventType[]), { minLength: 60, maxLength: 120 }),
      async (events) => {
        await load('events', events, columnsOf(fields));
        for (const metric of metrics.filter(({ source }) => source.from !== 'session'))
          assert.deepEqual(await queried(metric), streamed(metric, events), metricSql(metric));
      },
    ),
    { numRuns: 5, endOnFailure: true },
  );
});

test('every metric over visits counts the same ones in the stream and in SQL', async () => {
  const steps = Object.keys(SESSION_STEPS).map((step) => `${sqlName(step)} BIGINT[]`);
  const visit = fc
    .tuple(fc.array(randomEvents(visitTypes as EventType[]), { minLength: 1, maxLength: 8 }), fc.boolean())
    .map(([events, settled]) => ({
      ...events.map((event) => sessionOf(event as VisitEvent)).reduce(mergeSessions),
      settled,
    }));
  const columns = {
    ...columnsOf(VISIT_SCOPE.fields),
    interactions: 'BIGINT[]',
    steps: `STRUCT(${steps})`,
  };
  await fc.assert(
    fc.asyncProperty(fc.array(visit, { minLength: 60, maxLength: 100 }), async (visits) => {
      await load('visits', visits, columns);
      for (const metric of metrics.filter(({ source }) => source.from === 'session'))
        assert.deepEqual(await queried(metric), streamed(metric, visits), metricSql(metric));
    }),
    { numRuns: 5, endOnFailure: true },
  );
});
