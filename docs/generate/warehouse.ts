import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '@storepulse/warehouse';
import { parse } from 'yaml';
import { code, page, table } from './markdown.ts';

interface Schema {
  readonly models: readonly {
    readonly name: string;
    readonly description: string;
    readonly columns?: readonly {
      readonly name: string;
      readonly description?: string;
      readonly data_tests?: readonly (string | Readonly<Record<string, unknown>>)[];
    }[];
  }[];
}

/** The page of the warehouse's models, from their `schema.yml`. */
export function warehouse(): string {
  const section = (title: string, folder: string) => {
    const { models } = parse(
      readFileSync(join(PROJECT_FOLDER, 'models', folder, 'schema.yml'), 'utf8'),
    ) as Schema;
    const each = models.map(({ name, description, columns = [] }) => {
      const rows = columns.map((column) => [
        code(column.name),
        column.description ?? '',
        (column.data_tests ?? [])
          .map((test) => code(typeof test === 'string' ? test : Object.keys(test)[0]!))
          .join(' '),
      ]);
      const told = rows.length === 0 ? '' : `\n\n${table(['column', 'what', 'tests'], rows)}`;
      return `### \`${name}\`\n\n${description.trim()}${told}`;
    });
    return `## ${title}\n\n${each.join('\n\n')}`;
  };
  return page(
    'The warehouse',
    'the models’ schema.yml',
    'SQL models over [the lake](../how-to/lake.md), in the layout of a dbt project: `warehouse/`. [How it is run](../how-to/run-the-warehouse.md). Amounts are integers in units of 10^-`scale` of `currency`; instants are epoch ms (`occurred_at`), also as a timestamp in UTC (`occurred`); days (`shop_date`) are the shop’s. Facts of events have `event_id`, `topic`, `log_partition` and `log_offset` of their record, `visitor_id`, `session_id` and `customer_id`. Values of dimensions are those of [the catalogue](metrics.md): `unknown` where an event tells none, `other` outside the domain.',
    section('Facts', 'facts'),
    section('Dimensions', 'dimensions'),
    section('Metrics', 'metrics'),
    '## What differs from the stream\n\n- **Distinct counts and quantiles** are exact; the stream’s are estimates, within 2.3 % and 1 %.\n- **Copies**: the stream remembers event ids for ten minutes, the warehouse for ever. Of facts with one key and different contents the first in the log counts; on different partitions that is the lower partition, and in the stream the one that was counted first.\n- **An erased customer**: the lake clears who they were from their events. When such a day is made anew, their events still count, and their visits, which nothing tells any more, do not. The stream keeps them.\n- **Visits that go on** are judged by the clock of the run, 32 minutes before it; the stream judges by its watermark. `npm run reconcile` leaves such days’ judged visits out and says how many.\n- **Metrics over facts** are in `daily_fact_cells`, which `npm run reconcile` compares as well. It names what it leaves out: what is told of now alone (products out of stock), what a shop’s record sets (targets), and segments, which change with time alone.',
  );
}
