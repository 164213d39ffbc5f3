import { migrateQuery } from '@storepulse/contracts/grafana/migrate-query';
import type { StorepulseQuery } from '../types';
import { CODE_PARTS, type CodeQuery } from './printCode';

/** A query that asks what a text says, and is the same in all that a text does not tell. */
export function applyCode(query: StorepulseQuery, code: CodeQuery): StorepulseQuery {
  const rest = { ...migrateQuery(query) };
  for (const part of CODE_PARTS) {
    delete rest[part];
  }
  return { ...rest, ...code };
}
