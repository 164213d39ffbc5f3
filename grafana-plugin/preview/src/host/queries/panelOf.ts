import { type DataFrame, DataFrameType, FieldType } from '@grafana/data';

/** The kind of panel that draws a frame, as Explore finds it: by what the frame says of itself, else by what is in it. */
export function panelOf({ meta, fields }: Pick<DataFrame, 'meta' | 'fields'>): string {
  if (meta?.preferredVisualisationPluginId) return meta.preferredVisualisationPluginId;
  if (meta?.type === DataFrameType.LogLines || meta?.preferredVisualisationType === 'logs') return 'logs';
  if (meta?.type === DataFrameType.HeatmapRows) return 'heatmap';
  if (meta?.preferredVisualisationType === 'table') return 'table';
  return fields.some(({ type }) => type === FieldType.time) ? 'timeseries' : 'table';
}
