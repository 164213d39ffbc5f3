import type { DataFrame, PanelProps } from '@grafana/data';
import { FieldType } from '@grafana/data';
import type { VizLegendOptions, VizTooltipOptions } from '@grafana/schema';
import { TimeSeries, TooltipPlugin2 } from '@grafana/ui';
import { useMemo } from 'react';
import { AnnotationMarks } from './AnnotationMarks.tsx';
import { hasNumbers, NoData } from './NoData.tsx';
import { TimeSeriesTooltip } from './TimeSeriesTooltip.tsx';

interface TimeSeriesOptions {
  legend: VizLegendOptions;
  tooltip: VizTooltipOptions;
}

/** The same list each time, so that nothing is drawn anew for it. */
const NO_ANNOTATIONS: readonly DataFrame[] = [];

/** The hover modes of {@link TooltipPlugin2}: its enum is not exported as a value. */
const HOVER = { single: 0, multi: 1 };

/** Numbers over time. */
export function TimeSeriesPanel(props: PanelProps<TimeSeriesOptions>) {
  const { data, width, height, options, timeRange, timeZone, onChangeTimeRange } = props;
  const frames = useMemo(() => data.series.filter(hasTime), [data.series]);
  if (frames.length === 0 || !hasNumbers(data)) return <NoData data={data} />;
  return (
    <TimeSeries
      frames={frames}
      width={width}
      height={height}
      timeRange={timeRange}
      timeZone={timeZone}
      legend={options.legend}
      options={options}
    >
      {(config, alignedFrame) => (
        <>
          <AnnotationMarks config={config} annotations={data.annotations ?? NO_ANNOTATIONS} />
          <TooltipPlugin2
            config={config}
            hoverMode={options.tooltip.mode === 'multi' ? HOVER.multi : HOVER.single}
            queryZoom={onChangeTimeRange}
            render={(_plot, indexes) => <TimeSeriesTooltip frame={alignedFrame} indexes={indexes} />}
          />
        </>
      )}
    </TimeSeries>
  );
}

function hasTime({ fields }: DataFrame): boolean {
  return fields.some(({ type }) => type === FieldType.time);
}
