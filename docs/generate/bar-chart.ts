/** A stretch of the day, in hours, that stands out. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Bars over a day, those of the series on top of one another. */
export interface Panel {
  readonly title: string;
  /** Each with as many values as there are bars. */
  readonly series: readonly {
    readonly label: string;
    readonly colour: string;
    readonly values: readonly number[];
  }[];
}

/** What to draw: panels below one another, on one axis of 24 hours. */
export interface BarChart {
  readonly title: string;
  readonly bands: readonly Band[];
  readonly panels: readonly Panel[];
}

const WIDTH = 880;
const LEFT = 52;
const RIGHT = 24;
const PLOT_HEIGHT = 150;
const PANEL_HEIGHT = 236;
const TOP = 48;
const SPAN = WIDTH - LEFT - RIGHT;
/** Readable on a light and on a dark page. */
const GREY = '#7d7d7d';

/** Draws a chart as SVG. */
export function barChart({ title, bands, panels }: BarChart): string {
  const height = panels.length * PANEL_HEIGHT;
  const drawn = panels.map(
    (panel, index) =>
      `<g transform="translate(${LEFT} ${index * PANEL_HEIGHT + TOP})">\n${drawPanel(panel, bands)}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="${GREY}" role="img">
<title>${title}</title>
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, series }: Panel, bands: readonly Band[]): string {
  const bars = series[0]!.values.map((_, bar) => series.map(({ values }) => values[bar]!));
  const top = niceTop(Math.max(...bars.map((values) => values.reduce((sum, value) => sum + value, 0))));
  const y = (value: number) => round(PLOT_HEIGHT * (1 - value / top));
  const x = (hour: number) => round((SPAN * hour) / 24);
  const width = SPAN / bars.length;
  const lines = [
    `<text y="-28" font-size="14" font-weight="600">${title}</text>`,
    ...legend(series),
    ...bands.map(
      ({ from, to, label }) =>
        `<rect x="${x(from)}" width="${x(to - from)}" height="${PLOT_HEIGHT}" fill="#cc79a7" opacity="0.25"/><text x="${x((from + to) / 2)}" y="-4" text-anchor="middle">${label}</text>`,
    ),
    ...[0, top / 2, top].map(
      (value) =>
        `<path d="M0 ${y(value)}H${SPAN}" stroke="${GREY}" stroke-opacity="0.3"/><text x="-8" y="${y(value) + 4}" text-anchor="end">${value.toLocaleString('en')}</text>`,
    ),
    ...[0, 3, 6, 9, 12, 15, 18, 21, 24].map(
      (hour) =>
        `<text x="${x(hour)}" y="${PLOT_HEIGHT + 18}" text-anchor="middle">${String(hour).padStart(2, '0')}:00</text>`,
    ),
    ...series.map(({ colour }, layer) => {
      const below = (values: readonly number[]) =>
        values.slice(0, layer).reduce((sum, value) => sum + value, 0);
      const path = bars.map((values, bar) => {
        const from = y(below(values));
        const to = y(below(values) + values[layer]!);
        return `M${round(bar * width)} ${from}V${to}h${round(width - 1)}V${from}z`;
      });
      return `<path fill="${colour}" d="${path.join('')}"/>`;
    }),
  ];
  return lines.join('\n');
}

function legend(series: Panel['series']): string[] {
  let right = SPAN;
  return [...series].reverse().map(({ label, colour }) => {
    right -= label.length * 6.4 + 28;
    return `<rect x="${round(right)}" y="-38" width="10" height="10" fill="${colour}"/><text x="${round(right + 15)}" y="-29">${label}</text>`;
  });
}

/** A round number, not below a value, whose half is round too. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10]
    .map((times) => times * power)
    .find((candidate) => candidate >= value)!;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
