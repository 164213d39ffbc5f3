import { setting } from '@storepulse/contracts';
import { type Static, Type } from 'typebox';

/** Settings of the warehouse. */
export const WarehouseSettingsSchema = Type.Object({
  file: setting(
    'WAREHOUSE_FILE',
    Type.String({
      default: '.storepulse/warehouse.duckdb',
      minLength: 1,
      description: 'the warehouse’s DuckDB file, made when missing; any DuckDB reads it between runs',
    }),
  ),
  cache: setting(
    'WAREHOUSE_CACHE',
    Type.String({
      default: '.storepulse/lake-cache',
      minLength: 1,
      description: 'folder for copies of the lake’s files, where the lake is in a bucket',
    }),
  ),
  memoryMb: setting(
    'WAREHOUSE_MEMORY_MB',
    Type.Integer({
      default: 1_024,
      minimum: 128,
      description: 'memory of a run; beyond that it spills to its disk',
    }),
  ),
  at: setting(
    'WAREHOUSE_AT',
    Type.String({
      default: '03:30',
      pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
      description:
        'when `npm run warehouse -- daily` runs, UTC: late enough for the shops’ days to have ended',
    }),
  ),
  retries: setting(
    'WAREHOUSE_RETRIES',
    Type.Integer({
      default: 3,
      minimum: 0,
      maximum: 20,
      description:
        'how often a run is tried again that failed by what passes: a server away, a file replaced meanwhile',
    }),
  ),
  retryMs: setting(
    'WAREHOUSE_RETRY_MS',
    Type.Integer({
      default: 30_000,
      minimum: 0,
      description: 'wait before the first of them; it doubles each time',
    }),
  ),
  exporter: setting(
    'EXPORTER_URL',
    Type.String({
      default: 'http://127.0.0.1:9464',
      pattern: '^https?://',
      description: 'address of the exporter, which `reconcile` asks for the stream’s figures',
    }),
  ),
  exporterKey: setting(
    'EXPORTER_API_KEY',
    Type.Optional(Type.String({ description: 'key of the exporter, when it asks for one' })),
    { secret: true },
  ),
});
/** Settings of the warehouse. */
export type WarehouseSettings = Static<typeof WarehouseSettingsSchema>;
