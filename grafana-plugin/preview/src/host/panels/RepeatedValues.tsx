import {
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  type GrafanaTheme2,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type PanelProps,
  type ReduceDataOptions,
  type VizOrientation,
} from '@grafana/data';
import { useTheme2, VizRepeater, type VizRepeaterRenderValueProps } from '@grafana/ui';
import type { JSX } from 'react';
import { hasNumbers, NoData } from './NoData.tsx';

/** Options of every panel that reduces its data to single values. */
export interface ReducedOptions {
  reduceOptions: ReduceDataOptions;
  orientation: VizOrientation;
}

/** One value, with the room for it. */
export type RepeatedValue = VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>;

interface Props {
  panel: Omit<PanelProps<ReducedOptions>, 'onOptionsChange'>;
  /** Pixels between two values. */
  itemSpacing: number;
  /** Also gives each value the series that it was reduced from. @default false */
  sparkline?: boolean;
  minVizWidth?: number;
  minVizHeight?: number;
  maxVizHeight?: number;
  renderValue: (value: RepeatedValue, theme: GrafanaTheme2) => JSX.Element;
}

/** Reduces a panel's data to single values and draws them side by side, or says that there are none. */
export function RepeatedValues({ panel, renderValue, sparkline = false, ...layout }: Props) {
  const { data, width, height, options, fieldConfig, replaceVariables, timeZone, renderCounter } = panel;
  const theme = useTheme2();
  if (!hasNumbers(data)) return <NoData data={data} />;

  const { reduceOptions, orientation } = options;
  const reduce = {
    data: data.series,
    fieldConfig,
    reduceOptions,
    replaceVariables,
    theme,
    timeZone,
    sparkline,
  };
  return (
    <VizRepeater
      getValues={() => getFieldDisplayValues(reduce)}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={(value) => renderValue(value, theme)}
      width={width}
      height={height}
      source={data}
      renderCounter={renderCounter}
      autoGrid
      orientation={orientation}
      {...layout}
    />
  );
}
