import {
  createDataFrame,
  type DataFrame,
  DataFrameType,
  type Field,
  type FieldConfig,
  FieldType,
  MappingType,
  type QueryResultMeta,
  type QueryResultMetaNotice,
  type ValueMapping,
} from '@grafana/data';
import { type CalendarLabel, calendarLabel } from '@storepulse/contracts/calendar-label';
import { joinMetrics } from '@storepulse/contracts/grafana/join-metrics';
import { isShown, toldOf } from '@storepulse/contracts/grafana/shown-frames';
import { splitsOfAsked } from '@storepulse/contracts/grafana/validate-query';
import type { Frame, FrameField, QueryResult } from '@storepulse/contracts/query';
import { zoneCalendar } from '@storepulse/contracts/time';
import { VISIT_STEPS } from '@storepulse/contracts/visit-steps';
import type { BatchedQuery } from '../api/batchQueries';
import { STEPS } from '../query/steps';
import { withName } from '../values/namedValues';
import { costOf } from './costOf';
import { describeStaleness } from './describeStaleness';
import { exactUnit, isShortened } from './exactUnit';
import { linkToBucket } from './linkToBucket';
import { type LinkTarget, linkToExplore, type SplitValue } from './linkToExplore';

/** How to present an answer. */
export interface FrameOptions {
  /** Name of the query within its panel. */
  refId: string;
  /** The query as it was sent, for the query inspector. */
  sent: BatchedQuery;
  /** True: units that show all digits. */
  exact: boolean;
  /** True: of cohorts, the shares of their customers rather than the counts. */
  asShares: boolean;
  /** Remarks of ours beside the exporter's. */
  remarks: QueryResultMetaNotice[];
  /** The data source, for links from values to Explore. */
  source: LinkTarget;
  /** Wall clock, epoch ms. */
  now: number;
  /** The reader's zone, as Grafana names it. */
  timeZone: string;
}

const FIELD_TYPES: Record<FrameField['type'], FieldType> = {
  time: FieldType.time,
  number: FieldType.number,
  string: FieldType.string,
};

/** Grafana's frames of one query's answer: columns as the exporter gave them, remarks on the first frame. */
export function toDataFrames(result: QueryResult, options: FrameOptions): DataFrame[] {
  const { resolution, interval, documents, freshness } = result.meta;
  const labels = labelOf(result.meta);
  const { sent, now, timeZone } = options;
  const notices: QueryResultMetaNotice[] = [
    ...result.meta.notices,
    ...options.remarks,
    ...describeStaleness(result.meta, { range: sent.range, now, timeZone }),
  ];
  return joinMetrics(result.frames.filter((frame) => isShown(frame, options.asShares))).map((frame, index) =>
    createDataFrame({
      name: frame.name,
      refId: options.refId,
      fields: frame.fields.map((field) => dotted(frame, toField(field, frame, options, labels))),
      meta: {
        ...frame.meta,
        ...visualisationOf(frame),
        executedQueryString: JSON.stringify(sent, null, 2),
        // A panel adds up the statistics of its frames.
        stats: index === 0 ? costOf(result.meta, now) : [],
        notices: index === 0 ? notices : [],
        custom: {
          ...(frame.meta?.custom as object | undefined),
          resolution,
          interval,
          documents,
          freshness,
        },
      },
    }),
  );
}

/** Lines of an earlier time are dotted. */
function dotted(frame: Frame, field: Field): Field {
  if (toldOf(frame).compared === undefined || field.type !== FieldType.number) {
    return field;
  }
  return { ...field, config: { ...field.config, custom: { lineStyle: { fill: 'dot', dash: [0, 6] } } } };
}

/** How the times of an answer are named; null: as any instant, in the reader's own zone. */
function labelOf({ interval, timeZone }: QueryResult['meta']): CalendarLabel | null {
  if (timeZone === undefined) {
    return null;
  }
  try {
    return calendarLabel(interval, zoneCalendar(timeZone));
  } catch {
    // A browser that does not know the zone shows the instants.
    return null;
  }
}

function toField(
  { name, type, labels, config, values, names }: FrameField,
  frame: Frame,
  { exact, sent, source }: FrameOptions,
  label: CalendarLabel | null,
): Field {
  const told = valueOfSplit({ name, type, labels }, splitsOfAsked(sent));
  const links = [
    ...(told === undefined ? [] : linkToExplore(sent, told, source)),
    // Lines of an earlier time stand at the times of the present.
    ...(type === 'number' && toldOf(frame).compared === undefined
      ? linkToBucket(frame, { labels }, sent, source)
      : []),
  ];
  return {
    name,
    type: FIELD_TYPES[type],
    values,
    ...(labels ? { labels } : {}),
    config: {
      ...toConfig(config, exact),
      ...(links.length > 0 ? { links } : {}),
      ...(type === 'time' && label ? { mappings: [toMapping(values, label)] } : {}),
      ...(names ? { mappings: [toNames(names)] } : {}),
      ...(type === 'string' && name === STEP ? { mappings: [STEP_TITLES] } : {}),
    },
  };
}

/** The column of a funnel that names its steps. */
const STEP = 'step';
const STEP_TITLES: ValueMapping = {
  type: MappingType.ValueToText,
  options: Object.fromEntries(VISIT_STEPS.map((step) => [step, { text: STEPS[step].title }])),
};

/** Values that stand for several that were not kept: there is nothing to filter by. */
const FOLDED = 'other';

/** The dimension that a field is about, and how Grafana refers to its value; undefined when it is about none. */
function valueOfSplit(
  { name, type, labels }: Pick<FrameField, 'name' | 'type' | 'labels'>,
  splits: readonly string[],
): SplitValue | undefined {
  if (type === 'string' && splits.includes(name)) {
    return { dimension: name, value: `\${__value.raw}` };
  }
  const [dimension] = splits;
  const value = dimension === undefined ? undefined : labels?.[dimension];
  return dimension === undefined || value === undefined || value === FOLDED
    ? undefined
    : { dimension, value: `\${__field.labels["${dimension}"]}` };
}

/**
 * Gives each time its name: a unit of Grafana's would be in the reader's zone, where a day of the shop may begin on the
 * day before.
 */
function toMapping(values: FrameField['values'], label: CalendarLabel): ValueMapping {
  const times = values.filter((value) => typeof value === 'number');
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(times.map((time) => [String(time), { text: label(time) }])),
  };
}

/** Shows what a value is called beside it; links and filters still have the value alone. */
function toNames(names: Record<string, string>): ValueMapping {
  const shown = Object.entries(names).map(([value, name]) => [value, { text: withName(value, name) }]);
  return { type: MappingType.ValueToText, options: Object.fromEntries(shown) };
}

function toConfig(
  { displayName, unit, decimals, ...rest }: FrameField['config'],
  exact: boolean,
): FieldConfig {
  const shownUnit = exact ? exactUnit(unit) : unit;
  // The decimals are those of the full number: of a shortened one they would be too many or too few.
  const shownDecimals = !exact && isShortened(unit) ? undefined : decimals;
  return {
    ...rest,
    // A name given by the panel is to win over ours.
    ...(displayName ? { displayNameFromDS: displayName } : {}),
    ...(shownUnit ? { unit: shownUnit } : {}),
    ...(shownDecimals === undefined ? {} : { decimals: shownDecimals }),
  };
}

/** What draws a frame in Explore. */
function visualisationOf(frame: Frame): QueryResultMeta {
  if (frame.meta?.type === DataFrameType.HeatmapRows) {
    return { preferredVisualisationType: 'graph', preferredVisualisationPluginId: 'heatmap' };
  }
  return { preferredVisualisationType: hasTime(frame) ? 'graph' : 'table' };
}

function hasTime({ fields }: Frame): boolean {
  return fields.some(({ type }) => type === 'time');
}
