/** A part of Grafana's classic JSON. */
export type Json = Record<string, unknown>;

/** One value of each field: its last. */
export const REDUCE = { values: false, calcs: ['lastNotNull'], fields: '' };

/** The name of the n-th query of a panel, from 0. */
export const refOf = (index: number) => String.fromCharCode('A'.charCodeAt(0) + index);

/** Where a colour begins: from a bound on; null begins. */
export interface Step {
  value: number | null;
  color: string;
}

/** Green, orange from one bound on, and red from another: of what should be low. */
export const worseFrom = (orange: number, red: number): Step[] => [
  { value: null, color: 'green' },
  { value: orange, color: 'orange' },
  { value: red, color: 'red' },
];

/** Red, orange from one bound on, and green from another: of what should be high. */
export const betterFrom = (orange: number, green: number): Step[] => [
  { value: null, color: 'red' },
  { value: orange, color: 'orange' },
  { value: green, color: 'green' },
];

const colorOf = (color: string, steps: readonly Step[] | undefined): Json =>
  steps
    ? { color: { mode: 'thresholds' }, thresholds: { mode: 'absolute', steps } }
    : { color: { mode: 'fixed', fixedColor: color } };

/** How one large figure looks. @param steps instead of one colour. @param sparkline the course behind it */
export function figureLook(
  color: string,
  { steps, sparkline = false }: { steps?: readonly Step[] | undefined; sparkline?: boolean } = {},
  defaults: Json = {},
): Json {
  return {
    fieldConfig: { defaults: { noValue: '–', ...colorOf(color, steps), ...defaults }, overrides: [] },
    options: {
      reduceOptions: REDUCE,
      orientation: 'auto',
      textMode: 'value',
      wideLayout: true,
      colorMode: 'value',
      graphMode: sparkline ? 'area' : 'none',
      justifyMode: 'auto',
    },
  };
}

/** How the course of figures looks. */
export interface GraphLook {
  /** Bars, where each stands for what happened in its bucket; `stacked`: of several that are parts of a whole. */
  bars?: true | 'stacked';
  /** Of the queries, one after the other. */
  colors?: readonly string[];
}

/** What is still filling is drawn by series of its own, which stack among themselves: on top of the others they would count twice. */
const OPEN_STACK = {
  matcher: { id: 'byRegexp', options: '/ \\(incomplete\\)$/' },
  properties: [{ id: 'custom.stacking', value: { mode: 'normal', group: 'open' } }],
};

/** How lines over time look, or bars. @param isSparse few buckets may have no value: lines go on over them */
export function graphLook(
  { bars, colors = [] }: GraphLook,
  { custom, ...defaults }: Json & { custom?: Json } = {},
  isSparse = false,
): Json {
  return {
    fieldConfig: {
      defaults: {
        color: { mode: 'palette-classic' },
        noValue: '–',
        ...defaults,
        custom: {
          drawStyle: bars ? 'bars' : 'line',
          lineInterpolation: 'linear',
          lineWidth: bars ? 1 : 2,
          fillOpacity: bars ? 60 : 8,
          gradientMode: 'none',
          showPoints: 'never',
          spanNulls: isSparse && !bars,
          axisPlacement: 'auto',
          ...(bars === 'stacked' ? { stacking: { mode: 'normal', group: 'A' } } : {}),
          ...custom,
        },
      },
      overrides: [
        ...colors.map((fixedColor, index) => ({
          matcher: { id: 'byFrameRefID', options: refOf(index) },
          properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
        })),
        ...(bars === 'stacked' ? [OPEN_STACK] : []),
      ],
    },
    options: {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'multi', sort: 'none' },
    },
  };
}

/** How bars of comparable length look. @param names of the queries, one after the other, instead of their metrics' titles */
export function barsLook(
  color: string,
  { names = [], isSplit, max }: { names?: readonly string[]; isSplit: boolean; max?: number | undefined },
): Json {
  return {
    fieldConfig: {
      defaults: { ...colorOf(color, undefined), min: 0, ...(max === undefined ? {} : { max }), noValue: '–' },
      overrides: names.map((value, index) => ({
        matcher: { id: 'byFrameRefID', options: refOf(index) },
        properties: [{ id: 'displayName', value }],
      })),
    },
    options: {
      reduceOptions: isSplit ? { values: true, calcs: [], fields: '', limit: 25 } : REDUCE,
      orientation: 'horizontal',
      displayMode: 'gradient',
      valueMode: 'text',
      namePlacement: 'left',
      text: { valueSize: 16 },
      showUnfilled: true,
      sizing: 'auto',
      minVizWidth: 8,
      minVizHeight: 16,
      maxVizHeight: 36,
    },
  };
}
