import type { StoredMetricDocument } from '@storepulse/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { formatMetrics } from './list.ts';
import type { Rebuild } from './request.ts';

/** What the program can do; each is about the servers that the environment names. */
export interface RebuildActions {
  list(): Promise<StoredMetricDocument[]>;
  /** @returns false when no such metric is counted */
  forget(metric: string): Promise<boolean>;
  /** @returns undefined when there is nothing to rebuild */
  request(metric: string, from: number | undefined): Promise<Rebuild | undefined>;
  /** @returns the records that the log dropped before they were read */
  run(rebuild: Rebuild): Promise<{ lost: number }>;
}

interface Options {
  readonly metric?: string;
  readonly from?: number;
  readonly forget?: string;
}

/** `npm run rebuild`: counts one metric anew from the log, while everything else goes on. */
export function createProgram({
  actions,
  write,
}: {
  actions: RebuildActions;
  write: (text: string) => void;
}): Command {
  return new Command('rebuild')
    .description(
      'Counts a metric from the log, up to where the processor began to count it. Without options: lists what is counted since when.',
    )
    .addOption(new Option('--metric <name>', 'the metric to rebuild').conflicts('forget'))
    .option('--from <date>', 'count what happened from then on, e.g. 2026-01-31', parseDate)
    .addOption(
      new Option('--forget <name>', 'a metric that was removed from the catalogue on purpose').conflicts(
        'from',
      ),
    )
    .addHelpText(
      'after',
      `
The processor may run meanwhile; other metrics are not touched. Interrupted, it goes on when it is run again.
Servers: KAFKA_BROKERS and MONGODB_URI. Exit status: 0 done · 1 refused, failed or interrupted`,
    )
    .action(async ({ metric, from, forget }: Options, command: Command) => {
      if (forget !== undefined) {
        const known = await actions.forget(forget);
        write(
          known ? `${forget} is counted no more; its windows stay as they are.` : `${forget} is not counted.`,
        );
        return;
      }
      if (metric === undefined) {
        if (from !== undefined) command.error('error: --from needs --metric.');
        write(formatMetrics(await actions.list()));
        return;
      }
      const rebuild = await actions.request(metric, from);
      if (rebuild === undefined)
        return write(`${metric} has been counted from the log's beginning: nothing to do.`);
      const begin =
        rebuild.document.from === 0
          ? 'all that happened'
          : `what happened from ${new Date(rebuild.document.from).toISOString()}`;
      if (rebuild.document.finishedAt) return write(`${metric} is rebuilt already: it counts ${begin}.`);
      const { lost } = await actions.run(rebuild);
      if (lost > 0) {
        command.error(
          `error: the log dropped ${lost} records before they were read, so ${metric} lacks them. Raise its revision in the catalogue and rebuild it anew.`,
        );
      }
      write(`${metric} is rebuilt: it counts ${begin}. Its windows change as the merge stage gets to them.`);
    });
}

function parseDate(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new InvalidArgumentError('use a date such as 2026-01-31 or 2026-01-31T08:00Z.');
  return time;
}
