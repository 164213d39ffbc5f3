import { type Duck, type LakeType, quoted } from '@storepulse/lake';
import type { LakeCollections, LakeErased } from '@storepulse/lake/manifest';
import { PARQUET_OPTIONS } from '@storepulse/lake/write';
import { erasedId } from '@storepulse/processor/erasure/people';

/** An erased customer, as rows tell one. */
export interface ErasedPerson {
  readonly customerId: string;
  /** What happened from then on (epoch ms) is another person's of the same id; undefined: nothing is. */
  readonly before: number | undefined;
}

const AT_ONCE = 10_000;

/** Those of some customers (`shop|customerId`) who are erased, by key. */
export async function findErased(
  { erased }: Pick<LakeCollections, 'erased'>,
  keys: readonly string[],
): Promise<Map<string, ErasedPerson>> {
  const found = new Map<string, ErasedPerson>();
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const byId = new Map(keys.slice(at, at + AT_ONCE).map((key) => [erasedId(key), key]));
    const documents: LakeErased[] = await erased.find({ _id: { $in: [...byId.keys()] } }).toArray();
    for (const { _id, returnedAt } of documents) {
      const key = byId.get(_id)!;
      found.set(key, { customerId: key.slice(key.indexOf('|') + 1), before: returnedAt?.getTime() });
    }
  }
  return found;
}

/** Whether a type's rows tell customers. */
export function tellsCustomers({ columns }: LakeType): boolean {
  return columns.some(({ name }) => name === 'customer_id');
}

/** The condition by which a type's rows are of these people. A customer's own record is judged by when it was sent. */
export function isOfSql({ type }: LakeType, people: readonly ErasedPerson[]): string {
  const time = type === 'customer_upserted' ? 'record_time' : 'occurred_at';
  const each = people.map(({ customerId, before }) => {
    const until = before === undefined ? '' : ` AND ${time} < ${before}`;
    return `(customer_id = ${quoted(customerId)}${until})`;
  });
  return `(customer_id IS NOT NULL AND (${each.join(' OR ')}))`;
}

/**
 * Writes a copy of a file in which these people's personal columns are null. Rows, amounts and identities stay.
 * @param input local paths
 */
export async function writeCleared(
  duck: Duck,
  lakeType: LakeType,
  people: readonly ErasedPerson[],
  input: string,
  output: string,
): Promise<void> {
  const source = `read_parquet(${quoted(input)}, hive_partitioning = false)`;
  const present = await duck.rows(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${source})`);
  const names = new Set(present.map(({ column_name }) => String(column_name)));
  const condition = isOfSql(lakeType, people);
  const cleared = lakeType.columns
    .filter(({ name, personal }) => personal && names.has(name))
    .map(({ name }) => `CASE WHEN ${condition} THEN NULL ELSE "${name}" END AS "${name}"`);
  await duck.run(
    `COPY (SELECT * REPLACE (${cleared.join(', ')}) FROM ${source}) TO ${quoted(output)} (${PARQUET_OPTIONS})`,
  );
}
