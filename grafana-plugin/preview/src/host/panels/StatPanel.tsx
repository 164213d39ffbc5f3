import { type DisplayValue, formattedValueToString, type PanelProps } from '@grafana/data';
import type { VizTextDisplayOptions } from '@grafana/schema';
import {
  BigValue,
  type BigValueColorMode,
  BigValueGraphMode,
  type BigValueJustifyMode,
  type BigValueTextMode,
  calculateFontSize,
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

/** No value is larger, px: a short one beside a long one would look more important. */
const MAX_SIZE = 36;
/** So many characters fit in one line of a panel, at least. */
const CHARACTERS = 9;
/** Width of a digit in relation to its height. */
const DIGIT = 0.58;
const PADDING = 24;

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
          text={{ valueSize: valueSize(value.display, width, height), ...text }}
          disableWideLayout={!wideLayout}
        />
      )}
    />
  );
}

/** The size of a value, px: the same in all panels of one width, but where a value is too long for it. */
function valueSize(display: DisplayValue, width: number, height: number): number {
  const room = width - PADDING;
  const fitting = calculateFontSize(formattedValueToString(display), room, height - PADDING, 1.2);
  return Math.min(MAX_SIZE, room / CHARACTERS / DIGIT, fitting);
}
