import type { Duck, LakeType } from '@storepulse/lake';
import { identityOf } from '@storepulse/lake';
import { placedSql } from '../events-sql.ts';

/** Notes which records some files hold, and what each counts once by. */
export async function addCopies(duck: Duck, lakeType: LakeType, files: ReadonlyMap<string, number>) {
  const { types, within } = identityOf(lakeType.type);
  const [kind] = [...types].sort();
  const log = within === 'shop' ? '' : `, topic, "partition"`;
  await duck.run(
    `INSERT INTO copies SELECT md5_number(concat_ws('|', '${kind}', shop_id${log}, "identity")), "place", "file"
     FROM (${placedSql(lakeType, files)})`,
  );
}

/**
 * Finds out anew which copies count among those of the table `touched` (of identities): of each the one with the lowest place. Makes the
 * table `changed` of places that count now and did not, or the other way round. Places of `gone` are no longer there.
 */
export async function judgeCopies(duck: Duck): Promise<void> {
  // All copies are looked through once, whatever has come.
  await duck.run(
    'CREATE OR REPLACE TEMP TABLE judged AS SELECT identity, place FROM copies WHERE identity IN (SELECT identity FROM touched)',
  );
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE losers AS SELECT place FROM (
      SELECT place, row_number() OVER (PARTITION BY identity ORDER BY place) AS n FROM judged
      WHERE identity IN (SELECT identity FROM judged GROUP BY identity HAVING count(*) > 1)
    ) WHERE n > 1`);
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE before AS SELECT place FROM duplicates
    WHERE place IN (SELECT place FROM judged) OR place IN (SELECT place FROM gone)`);
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE changed AS
      (SELECT place FROM losers EXCEPT SELECT place FROM before) UNION ALL (SELECT place FROM before EXCEPT SELECT place FROM losers)`);
  await duck.run('DELETE FROM duplicates WHERE place IN (SELECT place FROM before)');
  await duck.run('INSERT INTO duplicates SELECT place FROM losers');
}
