import {
  FieldColorModeId,
  FieldConfigProperty,
  PanelPlugin,
  type PanelProps,
  type PluginMetaInfo,
  PluginType,
  ThresholdsMode,
} from '@grafana/data';
import type { ComponentType } from 'react';
import { BarGaugePanel } from './BarGaugePanel.tsx';
import { declareFieldOptions, declareOptions, type OptionDefaults } from './declareOptions.ts';
import { GeomapPanel } from './GeomapPanel.tsx';
import { HeatmapPanel } from './HeatmapPanel.tsx';
import { LogsPanel } from './LogsPanel.tsx';
import { StatPanel } from './StatPanel.tsx';
import { TablePanel } from './TablePanel.tsx';
import { TextPanel } from './TextPanel.tsx';
import { TimeSeriesPanel } from './TimeSeriesPanel.tsx';
import { UnknownPanel } from './UnknownPanel.tsx';

interface PanelKind {
  panel: ComponentType<PanelProps>;
  options?: OptionDefaults;
  fieldOptions?: OptionDefaults;
}

const REDUCE = { values: false, calcs: ['lastNotNull'], fields: '' };

/** The kinds of panels that the preview draws, with Grafana's defaults for their options. */
const KINDS: Readonly<Record<string, PanelKind>> = {
  timeseries: {
    panel: TimeSeriesPanel,
    options: {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'single', sort: 'none' },
    },
    fieldOptions: {
      drawStyle: 'line',
      lineInterpolation: 'linear',
      lineWidth: 1,
      lineStyle: { fill: 'solid' },
      fillOpacity: 0,
      gradientMode: 'none',
      showPoints: 'auto',
      pointSize: 5,
      spanNulls: false,
      barAlignment: 0,
      barWidthFactor: 0.6,
      stacking: { group: 'A', mode: 'none' },
      axisPlacement: 'auto',
      axisLabel: '',
      axisColorMode: 'text',
      axisBorderShow: false,
      axisGridShow: true,
      axisSoftMin: undefined,
      axisSoftMax: undefined,
      scaleDistribution: { type: 'linear' },
      thresholdsStyle: { mode: 'off' },
      hideFrom: { tooltip: false, viz: false, legend: false },
    },
  },
  stat: {
    panel: StatPanel,
    options: {
      reduceOptions: REDUCE,
      orientation: 'auto',
      textMode: 'auto',
      wideLayout: true,
      colorMode: 'value',
      graphMode: 'area',
      justifyMode: 'auto',
      text: {},
    },
  },
  bargauge: {
    panel: BarGaugePanel,
    options: {
      reduceOptions: REDUCE,
      orientation: 'auto',
      displayMode: 'gradient',
      valueMode: 'color',
      namePlacement: 'auto',
      showUnfilled: true,
      minVizWidth: 8,
      minVizHeight: 16,
      maxVizHeight: 300,
      text: {},
    },
  },
  table: {
    panel: TablePanel,
    options: { showHeader: true, cellHeight: 'sm', sortBy: [] },
    fieldOptions: {
      align: 'auto',
      cellOptions: { type: 'auto' },
      inspect: false,
      width: undefined,
      minWidth: undefined,
    },
  },
  logs: { panel: LogsPanel },
  heatmap: { panel: HeatmapPanel },
  geomap: { panel: GeomapPanel },
  text: { panel: TextPanel, options: { mode: 'markdown', content: '' } },
};

const NO_INFO: PluginMetaInfo = {
  author: { name: 'Storepulse' },
  description: '',
  links: [],
  logos: { large: '', small: '' },
  screenshots: [],
  updated: '',
  version: '',
};
const THRESHOLDS = { mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: 'green' }] };

/** Makes the panel plugins, each once; a kind that the preview does not draw says so in its panel. */
export function createPanelPlugins(): (id: string) => PanelPlugin {
  const plugins = new Map<string, PanelPlugin>();
  return (id) => {
    const plugin = plugins.get(id) ?? toPlugin(id, KINDS[id] ?? { panel: UnknownPanel });
    plugins.set(id, plugin);
    return plugin;
  };
}

function toPlugin(id: string, { panel, options = {}, fieldOptions = {} }: PanelKind): PanelPlugin {
  const mode = id === 'timeseries' ? FieldColorModeId.PaletteClassic : FieldColorModeId.Thresholds;
  const plugin = new PanelPlugin(panel).setPanelOptions(declareOptions(options)).useFieldConfig({
    ...declareFieldOptions(fieldOptions),
    standardOptions: {
      [FieldConfigProperty.Color]: { defaultValue: { mode } },
      [FieldConfigProperty.Thresholds]: { defaultValue: THRESHOLDS },
      [FieldConfigProperty.Mappings]: { defaultValue: [] },
    },
  });
  // Scenes hands annotations to panels that say so.
  if (id === 'timeseries') plugin.setDataSupport({ annotations: true, alertStates: false });
  plugin.meta = { ...plugin.meta, id, name: id, type: PluginType.panel, sort: 0, info: NO_INFO };
  return plugin;
}
