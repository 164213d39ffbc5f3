import {
  type DataFrame,
  type DataSourceApi,
  FieldColorModeId,
  FieldType,
  hasSupplementaryQuerySupport,
  SupplementaryQueryType,
  type TimeRange,
} from '@grafana/data';
import { getPluginImportUtils } from '@grafana/runtime';
import type { DataQuery } from '@grafana/schema';
import { useMemo } from 'react';
import { useAnswer } from '../queries/useAnswer.ts';
import { Visualization } from '../queries/Visualization.tsx';

interface Props {
  datasource: DataSourceApi;
  queries: readonly DataQuery[];
  range: TimeRange;
  onChangeRange: (range: TimeRange) => void;
}

const HEIGHT_PX = 160;
const BARS = 60;
/** Colours of Grafana's levels. */
const COLORS: Readonly<Record<string, string>> = { error: 'red', warning: 'yellow', info: 'green' };

/** Bars above a log: how many lines there are over the range, by level, as the data source counts them. Nothing where it counts none. */
export function Volume({ datasource, queries, range, onChangeRange }: Props) {
  const counted = useMemo(() => volumeQueries(datasource, queries), [datasource, queries]);
  const data = useAnswer({ datasource, queries: counted, range, points: BARS });
  const series = useMemo(() => data.series.map(asBars), [data.series]);
  if (counted.length === 0) return null;
  return (
    <Visualization
      title="Log volume"
      plugin={getPluginImportUtils().getPanelPluginFromCache('timeseries')!}
      data={{ ...data, series }}
      height={HEIGHT_PX}
      onChangeRange={onChangeRange}
    />
  );
}

function volumeQueries(datasource: DataSourceApi, queries: readonly DataQuery[]): DataQuery[] {
  const type = SupplementaryQueryType.LogsVolume;
  if (!hasSupplementaryQuerySupport(datasource, type)) return [];
  return queries.flatMap((query) => datasource.getSupplementaryQuery({ type }, query) ?? []);
}

function asBars(frame: DataFrame): DataFrame {
  const bars = (level: string) => ({
    color: { mode: FieldColorModeId.Fixed, fixedColor: COLORS[level] ?? 'gray' },
    custom: {
      ...{ drawStyle: 'bars', fillOpacity: 100, lineWidth: 0 },
      stacking: { mode: 'normal', group: 'A' },
    },
  });
  return {
    ...frame,
    fields: frame.fields.map((field) =>
      field.type === FieldType.number
        ? { ...field, config: { ...field.config, ...bars(field.labels?.level ?? '') } }
        : field,
    ),
  };
}
