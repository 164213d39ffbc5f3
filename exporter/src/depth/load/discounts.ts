import { type Duck, LAKE_TYPES, type LakeFile, quoted, scanSql } from '@storepulse/lake';
import { readDiscounts } from '@storepulse/lake/find-discounts';
import { PLACE_SQL } from '../events-sql.ts';

/** Types whose lines may leave their discount out. */
export const REVERSING: ReadonlySet<string> = new Set(['refund_issued', 'order_edited']);
const GOODS = ['order_placed', 'order_edited', 'refund_issued'];

/**
 * Makes the table `found_discounts`: of the lines of some files that leave theirs out, what the order took off.
 * @param added of what is loaded, the files of types that take goods back
 * @param live all files of the lake
 * @param placeOf where a file can be read
 */
export async function findDiscountsOf(
  duck: Duck,
  added: readonly LakeFile[],
  live: readonly LakeFile[],
  placeOf: (file: LakeFile) => string,
): Promise<void> {
  const shops = new Set(added.map(({ shop }) => shop));
  const scan = (type: string, files: readonly LakeFile[]) => {
    const own = files.filter((file) => file.type === type && shops.has(file.shop)).map(placeOf);
    return `(${scanSql(LAKE_TYPES.get(type)!, own)})`;
  };
  await duck.run(
    'CREATE OR REPLACE TEMP TABLE found_lines (topic VARCHAR, "partition" INTEGER, "offset" BIGINT, line INTEGER, discount BIGINT)',
  );
  if (added.length > 0) {
    const goods = live.filter(({ type }) => GOODS.includes(type));
    const found = await readDiscounts(duck.rows, {
      all: (type) => scan(type, goods),
      asked: (type) => scan(type, added),
    });
    const values = found.map(
      ({ of, lineNo, discount }) =>
        `(${quoted(of.topic)}, ${of.partition}, ${of.offset}, ${lineNo + 1}, ${discount})`,
    );
    if (values.length > 0) await duck.run(`INSERT INTO found_lines VALUES ${values.join(', ')}`);
  }
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE found_discounts AS
    SELECT place, list_transform(range(1, last + 1), lambda line: list_sum(list_transform(list_filter(pairs, lambda p: p.line = line), lambda p: p.discount))) AS discounts
    FROM (SELECT ${PLACE_SQL} AS place, list(struct_pack(line := line, discount := discount)) AS pairs, max(line) AS last FROM found_lines GROUP BY 1)`);
}
