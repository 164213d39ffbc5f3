import { SESSION_IDLE_MS, SESSION_STEPS, type SessionStep, sqlText } from '@storepulse/contracts';
import { rowsSql } from '../rows-sql.ts';
import { joinName, SHOP } from './names.ts';
import { insertRows, type RowsContext } from './rows.ts';

const STEPS = Object.entries(SESSION_STEPS) as [SessionStep, (typeof SESSION_STEPS)[SessionStep]][];

/** Adds the events of `told` to what visits are made of. What an erasure has cleared tells no visit. */
export async function addVisitEvents({ duck }: RowsContext): Promise<void> {
  const step = STEPS.flatMap(([name, { types }]) => types.map((type) => `WHEN '${type}' THEN '${name}'`));
  await duck.run(`
    INSERT INTO visit_events
    SELECT n.id, "sessionId", hash("sessionId"), "eventTime", "eventId", CASE "type" ${step.join(' ')} END, "type" = 'session_started',
      "country", "device", "channel", "place", "file", "place" NOT IN (SELECT place FROM duplicates)
    FROM told ${joinName(SHOP, 'told.shop_id', 'n')} WHERE "sessionId" IS NOT NULL`);
}

/**
 * Makes visits anew: those of `touched_visits`, and those that have ended since.
 * @param endedBy
 */
export async function makeVisits(context: RowsContext, endedBy: ReadonlyMap<string, number>): Promise<void> {
  const { duck, names, events, tables } = context;
  const ends = [...endedBy].flatMap(([shop, time]) => {
    const id = names.idOf(SHOP, shop);
    return id === undefined ? [] : [`(${id}, ${sqlText(shop)}, ${Math.round(time)})`];
  });
  await duck.run('CREATE OR REPLACE TEMP TABLE shop_ends (shop INTEGER, shop_id VARCHAR, ended_by BIGINT)');
  if (ends.length > 0) await duck.run(`INSERT INTO shop_ends VALUES ${ends.join(', ')}`);
  const visits = tables.filter(({ source }) => source.from === 'session');
  for (const { name } of visits) {
    await duck.run(`
      INSERT INTO touched_visits SELECT r.shop, r.session_id, r.visit FROM ${name} AS r JOIN shop_ends AS s ON s.shop = r.shop
      WHERE NOT r.settled AND r.last_instant + ${SESSION_IDLE_MS} <= s.ended_by`);
  }
  const [touched] = await duck.rows('SELECT count(*) AS n FROM touched_visits');
  if (Number(touched!.n) === 0) return;
  await duck.run(`CREATE OR REPLACE TEMP TABLE visits AS ${VISITS_SQL}`);
  for (const table of visits) {
    // Comparing numbers first: of a large table that is a third of the work.
    await duck.run(
      `DELETE FROM ${table.name} WHERE visit IN (SELECT visit FROM touched_visits) AND (shop, session_id) IN (SELECT (shop, session_id) FROM touched_visits)`,
    );
    await insertRows(context, table, rowsSql(table, events, 'visits', new Set()));
  }
}

const momentsOf = (condition: string, keep: number) =>
  `list_sort(coalesce(list(DISTINCT v.instant) FILTER (${condition}), []))[:${keep}]`;

/** The union of a visit's events, as `mergeSessions` makes it; `shop` is the shop's name, as expressions read it. */
const VISITS_SQL = `
  WITH near AS MATERIALIZED (SELECT * FROM visit_events WHERE visit IN (SELECT visit FROM touched_visits)), own AS (
    SELECT v.shop, v.session_id, min(v.instant) AS "firstTime", max(v.instant) AS "lastTime", min(v.place) AS place,
      arg_min(struct_pack(country := v.country, device := v.device, channel := v.channel), struct_pack(a := v.instant, b := v.event_id)) AS first,
      struct_pack(${STEPS.map(([step, { keep }]) => `"${step}" := ${momentsOf(`v.step = '${step}'`, keep)}`).join(', ')}) AS steps,
      ${momentsOf('NOT v.arrives', 2)} AS interactions
    FROM near AS v WHERE v.counts AND (v.shop, v.session_id) IN (SELECT (shop, session_id) FROM touched_visits)
    GROUP BY v.shop, v.session_id
  )
  SELECT n.value AS shop, own.session_id, own."firstTime", own."lastTime", own.place, -1 AS file, own.steps, own.interactions,
    own.first.country AS country, own.first.device AS device, own.first.channel AS channel,
    coalesce(own."lastTime" + ${SESSION_IDLE_MS} <= s.ended_by, FALSE) AS settled
  FROM own JOIN names AS n ON n.dimension = 'shop' AND n.id = own.shop LEFT JOIN shop_ends AS s ON s.shop = own.shop`;
