import type { DisplayProcessor, FieldDisplay, PanelProps } from '@grafana/data';
import type {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeValueMode,
  VizTextDisplayOptions,
} from '@grafana/schema';
import { BarGauge } from '@grafana/ui';
import { type ReducedOptions, RepeatedValues } from './RepeatedValues.tsx';

interface BarGaugeOptions extends ReducedOptions {
  displayMode: BarGaugeDisplayMode;
  valueMode: BarGaugeValueMode;
  namePlacement: BarGaugeNamePlacement;
  showUnfilled: boolean;
  minVizWidth: number;
  minVizHeight: number;
  maxVizHeight: number;
  text: VizTextDisplayOptions;
}

/** Values as bars of comparable length. */
export function BarGaugePanel(panel: PanelProps<BarGaugeOptions>) {
  const { displayMode, valueMode, namePlacement, showUnfilled, text, ...layout } = panel.options;
  return (
    <RepeatedValues
      panel={panel}
      itemSpacing={8}
      minVizWidth={layout.minVizWidth}
      minVizHeight={layout.minVizHeight}
      maxVizHeight={layout.maxVizHeight}
      renderValue={({ value, width, height, orientation, alignmentFactors }, theme) => (
        <BarGauge
          value={value.display}
          display={displayOf(value)}
          field={value.field}
          width={width}
          height={height}
          orientation={orientation}
          alignmentFactors={alignmentFactors}
          theme={theme}
          displayMode={displayMode}
          valueDisplayMode={valueMode}
          namePlacement={namePlacement}
          showUnfilled={showUnfilled}
          text={text}
        />
      )}
    />
  );
}

/** What colours the parts of a bar as the values they stand for. */
function displayOf({ view, colIndex }: FieldDisplay): DisplayProcessor | undefined {
  return view && colIndex !== undefined ? view.getFieldDisplayProcessor(colIndex) : undefined;
}
