import type { PanelProps } from '@grafana/data';
import type { VizTextDisplayOptions } from '@grafana/schema';
import {
  BigValue,
  type BigValueColorMode,
  BigValueGraphMode,
  type BigValueJustifyMode,
  type BigValueTextMode,
} from '@grafana/ui';
import { type ReducedOptions, RepeatedValues } from './RepeatedValues.tsx';

interface StatOptions extends ReducedOptions {
  textMode: BigValueTextMode;
  colorMode: BigValueColorMode;
  graphMode: BigValueGraphMode;
  justifyMode: BigValueJustifyMode;
  wideLayout: boolean;
  text: VizTextDisplayOptions;
}

/** Large single values, with a sparkline where the data is a series. */
export function StatPanel(panel: PanelProps<StatOptions>) {
  const { colorMode, graphMode, justifyMode, textMode, text, wideLayout } = panel.options;
  return (
    <RepeatedValues
      panel={panel}
      itemSpacing={3}
      sparkline={graphMode !== BigValueGraphMode.None}
      renderValue={({ value, count, width, height, alignmentFactors }, theme) => (
        <BigValue
          value={value.display}
          sparkline={value.sparkline}
          count={count}
          width={width}
          height={height}
          alignmentFactors={alignmentFactors}
          theme={theme}
          colorMode={colorMode}
          graphMode={graphMode}
          justifyMode={justifyMode}
          textMode={textMode}
          text={text}
          disableWideLayout={!wideLayout}
        />
      )}
    />
  );
}
