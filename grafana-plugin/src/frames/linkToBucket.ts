import type { DataLink } from '@grafana/data';
import { EVENT_FIELDS } from '@storepulse/contracts/grafana/event-fields';
import type { Frame, FrameField } from '@storepulse/contracts/query';
import type { BatchedQuery } from '../api/batchQueries';
import type { StorepulseFilter, StorepulseQuery } from '../types';
import type { LinkTarget } from './linkToExplore';

/**
 * A link from a bucket of a graph, or a cell of a heat map, to what happened in it: Explore with the events of the shop between
 * the bounds of the bucket, and of the value of the split and filters that events have too. None where there are no buckets.
 */
export function linkToBucket(
  { fields: [time] }: Frame,
  { labels }: Pick<FrameField, 'labels'>,
  sent: BatchedQuery,
  target: LinkTarget,
): DataLink[] {
  const isOfMetric = sent.type === undefined || sent.type === 'metric';
  if (time?.type !== 'time' || !isOfMetric || sent.interval === 'all') {
    return [];
  }
  const begins = time.values.filter((value) => typeof value === 'number');
  const query: StorepulseQuery = {
    ...{ refId: 'A', queryType: 'events', shop: sent.shop },
    filters: [...ofEvents(sent.filters), ...ofLabels(labels)],
  };
  return [
    {
      title: 'Events of this bucket',
      url: '',
      onBuildUrl: ({ replaceVariables }) => {
        const { from, to } = boundsOf(Number(replaceVariables?.(`\${__value.time}`)), begins, sent.range);
        const pane = { datasource: target.uid, queries: [query], range: { from: `${from}`, to: `${to}` } };
        return `/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify({ a: pane }))}`;
      },
    },
  ];
}

/** The last bucket ends with the range; a figure of all of them, which has no time, is of the whole range. */
function boundsOf(
  from: number,
  begins: readonly number[],
  range: BatchedQuery['range'],
): BatchedQuery['range'] {
  return Number.isFinite(from)
    ? { from, to: begins.find((begin) => begin > from) ?? Math.max(range.to, from + 1) }
    : range;
}

function ofEvents(filters: BatchedQuery['filters'] = []): StorepulseFilter[] {
  return filters.flatMap(({ dimension, operator, values }) =>
    dimension in EVENT_FIELDS && (operator === 'in' || operator === 'not_in')
      ? [{ dimension, operator, values }]
      : [],
  );
}

/** Values that stand for several, or for none that was told, are nothing to filter by. */
const NOT_TOLD = ['other', 'unknown'];

function ofLabels(labels: Record<string, string> = {}): StorepulseFilter[] {
  return Object.entries(labels)
    .filter(([dimension, value]) => dimension in EVENT_FIELDS && !NOT_TOLD.includes(value))
    .map(([dimension, value]) => ({ dimension, operator: 'in', values: [value] }));
}
