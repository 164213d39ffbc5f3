import { publishedSchemas } from '@storepulse/collector/events/published';
import { Answer } from '@storepulse/collector/results';
import { OWN } from '@storepulse/exporter/testing/two-shops';
import type { JsonSchema, Operation } from './openapi.ts';

const anyEvent: JsonSchema = {
  anyOf: [...publishedSchemas].map(([type, schema]) => {
    const { properties, ...rest } = schema as JsonSchema;
    return { ...rest, properties: { ...properties, type: { const: type } } };
  }),
};
const SALE: JsonSchema = {
  type: 'object',
  required: ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice'],
  properties: {
    ...{ InvoiceNo: { type: 'string' }, StockCode: { type: 'string' }, Description: { type: 'string' } },
    ...{
      Quantity: { type: 'integer', minimum: -10, maximum: 10 },
      InvoiceDate: { const: '2026-06-30 10:00:00' },
    },
    ...{ UnitPrice: { type: 'number', minimum: 0, maximum: 100 }, CustomerID: { type: 'string' } },
    Country: { type: 'string' },
  },
};
const answers = (schema: object) => ({
  200: { content: { 'application/json': { schema: schema as JsonSchema } } },
  207: { content: { 'application/json': { schema: schema as JsonSchema } } },
});

/** What the collector does, as operations: its bodies are described by the schemas of events that it publishes itself. */
export const COLLECTOR_OPERATIONS: readonly Operation[] = [
  {
    ...{ method: 'POST', path: '/v1/events', parameters: [], access: 'ingest', responses: answers(Answer) },
    body: { anyOf: [anyEvent, { type: 'array', minItems: 1, items: anyEvent }] },
  },
  {
    ...{ method: 'POST', path: '/v1/import', access: 'ingest', responses: answers({ type: 'object' }) },
    parameters: [{ in: 'query', name: 'shop', required: true, schema: { type: 'string', const: OWN } }],
    body: { type: 'array', minItems: 1, items: SALE },
  },
  {
    ...{ method: 'GET', path: '/v1/schemas/{name}', access: 'open', responses: answers({ type: 'object' }) },
    parameters: [{ in: 'path', name: 'name', required: true, schema: { type: 'string' } }],
  },
];
