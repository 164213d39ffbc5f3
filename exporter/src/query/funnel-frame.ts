import {
  type Frame,
  type FrameField,
  type FunnelQuery,
  OTHER_VALUE,
  quantile,
  TOTAL_VALUE,
} from '@storepulse/contracts';
import type { Funnel, FunnelTally } from '../visits/funnel.ts';
import type { Notice } from './plan.ts';

const DEFAULT_GROUPS = 10;
const COUNT = { unit: 'short', decimals: 0 } as const;
const SHARE = { unit: 'percentunit', decimals: 1 } as const;
const TIME = { unit: 'ms', decimals: 0 } as const;

interface StepRow {
  readonly group: string;
  readonly step: string;
  readonly tally: FunnelTally;
  readonly at: number;
}

/**
 * Makes a funnel's table: for each group a row for each step.
 * @param groupTitle what the dimension of the groups is called, where there are some
 */
export function funnelFrame(
  query: FunnelQuery,
  funnel: Funnel,
  tallies: ReadonlyMap<string, FunnelTally>,
  { groupTitle, incompleteFrom }: { groupTitle: string | undefined; incompleteFrom: number | undefined },
): { frame: Frame; notices: Notice[] } {
  const { refId, steps, open = false, groupBy } = query;
  const { groups, notices } = groupBy
    ? topTallies(query, funnel, tallies)
    : { groups: [[TOTAL_VALUE, tallies.get(TOTAL_VALUE) ?? funnel.empty()] as const], notices: [] };
  const rows = groups.flatMap(([group, tally]) =>
    steps.map((step, at): StepRow => ({ group, step, tally, at })),
  );
  const text = (name: string, displayName: string, of: (row: StepRow) => string): FrameField => ({
    ...{ name, type: 'string', config: { displayName }, values: rows.map(of) },
  });
  const number = (
    name: string,
    config: FrameField['config'],
    of: (row: StepRow) => number | null,
  ): FrameField => ({ name, type: 'number', config, values: rows.map(of) });
  const time = (share: number) => (row: StepRow) => quantile(row.tally.times[row.at]!, share);
  const fields = [
    ...(groupBy ? [text(groupBy, groupTitle ?? groupBy, ({ group }) => group)] : []),
    text('step', 'Step', ({ step }) => step),
    number('visits', { displayName: 'Visits', ...COUNT }, ({ tally, at }) => tally.reached[at]!),
    number('conversion_from_first', { displayName: 'Share of first step', ...SHARE }, ({ tally, at }) =>
      quotient(tally.withFirst[at]!, tally.reached[0]!),
    ),
    number('conversion_from_previous', { displayName: 'Share of step before', ...SHARE }, ({ tally, at }) =>
      at === 0 ? null : quotient(tally.withPrevious[at]!, tally.reached[at - 1]!),
    ),
    number(
      'median_time_from_previous',
      {
        displayName: 'Time since, median',
        description: 'From the step before to this one, within 1 %: half of the visits took less',
        ...TIME,
      },
      time(0.5),
    ),
    number(
      'p90_time_from_previous',
      {
        displayName: 'Time since, 90 %',
        description: 'From the step before to this one, within 1 %: 90 % of the visits took less',
        ...TIME,
      },
      time(0.9),
    ),
  ];
  const custom = { type: 'funnel', open, ...(incompleteFrom === undefined ? {} : { incompleteFrom }) };
  const meta = { type: 'numeric-long', typeVersion: [0, 1], custom };
  return { frame: { name: 'Funnel', refId, fields, meta }, notices };
}

const quotient = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** The groups with the most visits at the first step, the rest merged as `other`. */
function topTallies(
  { limit, groupBy }: FunnelQuery,
  funnel: Funnel,
  tallies: ReadonlyMap<string, FunnelTally>,
): { groups: (readonly [string, FunnelTally])[]; notices: Notice[] } {
  const ranked = [...tallies]
    .filter(([group]) => group !== OTHER_VALUE)
    .sort(([a, { reached: m }], [b, { reached: n }]) => n[0]! - m[0]! || (a < b ? -1 : 1));
  const kept = ranked.slice(0, limit ?? DEFAULT_GROUPS);
  const rest = ranked.slice(kept.length).map(([, tally]) => tally);
  const outside = tallies.get(OTHER_VALUE);
  if (rest.length === 0 && !outside) return { groups: kept, notices: [] };
  const other = funnel.empty();
  for (const tally of outside ? [outside, ...rest] : rest) funnel.merge(other, tally);
  const text = `The ${kept.length} greatest of ${ranked.length} values of ${groupBy} are shown, the rest as other: set a limit to see more or fewer.`;
  const isGuarded = limit === undefined && rest.length > 0;
  return {
    groups: [...kept, [OTHER_VALUE, other]],
    notices: isGuarded ? [{ severity: 'info', text }] : [],
  };
}
