/** A part of Grafana's classic JSON. */
export type Json = Record<string, unknown>;

/** One value of each field: its last. */
export const REDUCE = { values: false, calcs: ['lastNotNull'], fields: '' };

/** The name of the n-th query of a panel, from 0. */
export const refOf = (index: number) => String.fromCharCode('A'.charCodeAt(0) + index);

/** How one large figure looks. @param steps bounds and their colours, instead of one colour */
export function figureLook(color: string, steps?: readonly object[], defaults: Json = {}): Json {
  return {
    fieldConfig: {
      defaults: {
        noValue: '–',
        ...(steps
          ? { color: { mode: 'thresholds' }, thresholds: { mode: 'absolute', steps } }
          : { color: { mode: 'fixed', fixedColor: color } }),
        ...defaults,
      },
      overrides: [],
    },
    options: {
      reduceOptions: REDUCE,
      orientation: 'auto',
      textMode: 'value',
      wideLayout: true,
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
    },
  };
}

/** How lines over time look, or bars. @param colors of the queries, one after the other */
export function graphLook(
  { bars, colors = [] }: { bars?: true; colors?: readonly string[] },
  defaults: Json = {},
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
          spanNulls: false,
          axisPlacement: 'auto',
        },
      },
      overrides: colors.map((fixedColor, index) => ({
        matcher: { id: 'byFrameRefID', options: refOf(index) },
        properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
      })),
    },
    options: {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'multi', sort: 'none' },
    },
  };
}
