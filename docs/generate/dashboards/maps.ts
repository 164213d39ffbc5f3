import type { Panel } from './model.ts';
import { type PanelOptions, panel } from './panels.ts';

/** A map with a dot in each country, the larger the more. Countries are found by their codes or names. */
export function countryMap(metric: string, options: PanelOptions): Panel {
  const { color = 'blue' } = options;
  const value = { field: metric, fixed: 5, min: 6, max: 30 };
  return panel('geomap', [{ metric, groupBy: 'country', limit: 50, format: 'table', exact: true }], options, {
    fieldConfig: { defaults: { color: { mode: 'fixed', fixedColor: color } }, overrides: [] },
    options: {
      view: { id: 'zero', lat: 30, lon: 10, zoom: 1.6, allLayers: true },
      basemap: { type: 'default', name: 'Basemap' },
      controls: {
        showZoom: true,
        mouseWheelZoom: false,
        showAttribution: true,
        showScale: false,
        showDebug: false,
      },
      tooltip: { mode: 'details' },
      layers: [
        {
          type: 'markers',
          name: 'Countries',
          location: { mode: 'lookup', gazetteer: 'public/gazetteer/countries.json', lookup: 'country' },
          tooltip: true,
          config: {
            showLegend: false,
            style: {
              size: value,
              color: { fixed: color },
              opacity: 0.6,
              symbol: { mode: 'fixed', fixed: 'img/icons/marker/circle.svg' },
            },
          },
        },
      ],
    },
  });
}
