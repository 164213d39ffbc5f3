import { RESULTS_FILE, type RowResult, readResults } from '../../tests/chaos/result.ts';
import { page, table } from './markdown.ts';

/** What was shown of the product's promises, as the chaos matrix measured it last. */
export async function guarantees(): Promise<string> {
  const { rows } = await readResults(RESULTS_FILE);
  return page(
    'Guarantees',
    '`docs/reference/chaos.json`',
    'What the product promises, shown by letting faults happen to real processes, a real Kafka and a real MongoDB: `npm run test:chaos`. The oracle is the simulator’s ledger, computed from what it decided to send, by code that shares nothing with the processor but the names of metrics: every cell of every window must be equal to it in MongoDB, on the topic `metrics`, through the query API and on `/metrics` (distinct counts and quantiles within their declared error), and so must the fates. Lost are cells that show less than they must at the end, double those that show more. Rows R12 and S1 to S8 are attacks: `npm run test:security` makes them from the parts’ own OpenAPI documents and schemas, over a store in memory but for S3 (a real MongoDB, whose profiler tells what reached it) and S8 (real processes). A smaller tier of the same code runs in `npm test`.',
    table(
      [
        '',
        'fault or attack',
        'must hold',
        'repeats',
        'passed',
        'worst recovery',
        'lost',
        'double',
        'measured',
      ],
      Object.entries(rows).map(([id, row]) => line(id, row)),
    ),
    'Worst recovery is the longest time from the end of the fault (the start of the next process, the return of the server) to the first new window written.',
    '## Further figures',
    table(
      ['', 'took', 'figures', 'on'],
      Object.entries(rows).map(([id, row]) => further(id, row)),
    ),
  );
}

function line(
  id: string,
  { what, figure, repeats, passed, lost, double, date, ...row }: RowResult,
): string[] {
  const held = row.holds ? '' : ' **fails**';
  const recovery = row.worstRecoveryMs === undefined ? '' : `${(row.worstRecoveryMs / 1_000).toFixed(1)} s`;
  const numbers = [repeats, passed].map((n) => n.toLocaleString('en'));
  return [
    id,
    what,
    `${figure}${held}`,
    ...numbers,
    recovery,
    String(lost),
    String(double),
    date.slice(0, 10),
  ];
}

function further(id: string, { seconds, figures, versions }: RowResult): string[] {
  const list = (entries: [string, string | number][]) =>
    entries.map(([name, value]) => `${name} ${value.toLocaleString('en')}`).join(' · ');
  return [id, `${seconds} s`, list(Object.entries(figures)), list(Object.entries(versions))];
}
