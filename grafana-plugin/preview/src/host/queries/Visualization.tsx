import {
  applyFieldOverrides,
  dateTime,
  EventBusSrv,
  getPanelOptionsWithDefaults,
  type PanelData,
  type PanelPlugin,
  type PanelProps,
  type TimeRange,
} from '@grafana/data';
import { PanelChrome, useTheme2 } from '@grafana/ui';
import { type ComponentType, useMemo } from 'react';
import { useMeasure } from 'react-use';
import { Notices } from '../dashboard/Notices.tsx';
import type { ChosenFilter } from '../panels/LogsPanel.tsx';
import { templateSrv } from '../services/templateSrv.ts';

interface Props {
  title: string;
  plugin: PanelPlugin;
  data: PanelData;
  /** CSS pixels. */
  height: number;
  /** Options of the kind of panel. @default those of the kind */
  options?: Record<string, unknown>;
  onChangeRange: (range: TimeRange) => void;
  /** A filter that was chosen at a value. @default none can be chosen */
  onFilter?: (filter: ChosenFilter) => void;
}

const NO_FIELD_CONFIG = { defaults: {}, overrides: [] };

/** An answer drawn by a kind of panel, in the frame of a panel, without a dashboard. */
export function Visualization({ title, plugin, data, height, options = {}, onChangeRange, onFilter }: Props) {
  const theme = useTheme2();
  const [measured, { width }] = useMeasure<HTMLDivElement>();
  const eventBus = useMemo(() => new EventBusSrv(), []);
  const own = useMemo(
    () =>
      getPanelOptionsWithDefaults({
        ...{
          plugin,
          currentFieldConfig: NO_FIELD_CONFIG,
          currentOptions: options,
          isAfterPluginChange: false,
        },
      }),
    [plugin, options],
  );
  const drawn = useMemo(
    () => ({
      ...data,
      series: applyFieldOverrides({
        data: data.series,
        fieldConfig: own.fieldConfig,
        fieldConfigRegistry: plugin.fieldConfigRegistry,
        replaceVariables: templateSrv.replace,
        theme,
        timeZone: 'browser',
      }),
    }),
    [data, own, plugin, theme],
  );
  const Panel = plugin.panel as ComponentType<PanelProps & { onFilter?: Props['onFilter'] }>;
  const error = data.errors?.[0]?.message;
  const frame = {
    ...{ title, width, height, loadingState: data.state },
    ...(error === undefined ? {} : { statusMessage: error }),
    titleItems: <Notices frames={data.series} />,
  };
  return (
    <div ref={measured} style={{ height }}>
      {width > 0 && (
        <PanelChrome {...frame}>
          {(innerWidth: number, innerHeight: number) => (
            <Panel
              {...{ id: 1, title, transparent: false, timeZone: 'browser', renderCounter: 0, eventBus }}
              {...{ data: drawn, timeRange: data.timeRange, width: innerWidth, height: innerHeight }}
              {...{ options: own.options, fieldConfig: own.fieldConfig }}
              replaceVariables={templateSrv.replace}
              onOptionsChange={() => undefined}
              onFieldConfigChange={() => undefined}
              onChangeTimeRange={({ from, to }) => onChangeRange(rangeOf(from, to))}
              {...(onFilter ? { onFilter } : {})}
            />
          )}
        </PanelChrome>
      )}
    </div>
  );
}

/** @param from epoch ms @param to epoch ms */
function rangeOf(from: number, to: number): TimeRange {
  const [begin, end] = [dateTime(from), dateTime(to)];
  return { from: begin, to: end, raw: { from: begin, to: end } };
}
