/** A series of Prometheus' answer: `values` over a range, `value` at one moment, each [epoch s, value as a text]. */
export interface Series {
  metric: Record<string, string>;
  values?: [number, string][];
  value?: [number, string];
}

/** Answer over a range. */
export interface Matrix {
  resultType: 'matrix';
  result: Series[];
}

/** Answer at one moment. */
export interface Vector {
  resultType: 'vector';
  result: Series[];
}

/** What a series is called. @param legend `{{label}}` in it is the value of a label @default its labels */
export function seriesName(labels: Readonly<Record<string, string>>, legend = ''): string {
  if (legend !== '') return legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_match, label) => labels[label] ?? '');
  const pairs = Object.entries(labels).filter(([name]) => name !== '__name__');
  return `${labels.__name__ ?? ''}{${pairs.map(([name, value]) => `${name}="${value}"`).join(', ')}}`;
}
