import { byId, write } from './elements.js';

/** How much the chart shows, ms. */
const SPAN_MS = 5 * 60_000;
/** Of the chart's own coordinates; the page stretches it. */
const WIDTH = 600;
const HEIGHT = 160;

/**
 * @typedef {{ at: number, requested: number, achieved: number }} RatePoint epoch ms, per second
 */

/** The live chart of what is requested and what is achieved. */
export function createRateChart() {
  const title = byId('chart-title', SVGTitleElement);
  const requestedLine = byId('chart-requested', SVGPathElement);
  const achievedLine = byId('chart-achieved', SVGPathElement);
  /** @type {RatePoint[]} */
  let points = [];

  return {
    /**
     * Draws one more look at the simulator.
     * @param {RatePoint} point
     */
    add(point) {
      points = [...points.filter(({ at }) => at > point.at - SPAN_MS), point];
      const top = roundUp(
        Math.max(...points.map(({ requested, achieved }) => Math.max(requested, achieved))),
      );
      requestedLine.setAttribute('d', pathOf(points, 'requested', top));
      achievedLine.setAttribute('d', pathOf(points, 'achieved', top));
      const seconds = Math.round((point.at - (points[0]?.at ?? point.at)) / 1_000);
      write(
        byId('chart-scale', HTMLElement),
        `0 to ${top.toLocaleString('en-GB')} per second, last ${seconds} s`,
      );
      write(
        title,
        `Requested ${point.requested.toFixed(1)} and achieved ${point.achieved.toFixed(1)} per second`,
      );
    },
  };
}

/**
 * The line of one figure, in the chart's coordinates; time goes from the first point to the last.
 * @param {RatePoint[]} points
 * @param {'requested' | 'achieved'} figure
 * @param {number} top what the upper edge means
 */
export function pathOf(points, figure, top) {
  const first = points[0]?.at ?? 0;
  const span = Math.max(1, (points.at(-1)?.at ?? 0) - first);
  return points
    .map((point, index) => {
      const x = ((point.at - first) / span) * WIDTH;
      const y = HEIGHT - (point[figure] / top) * HEIGHT;
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join(' ');
}

/**
 * The next of 1, 2, 5, 10, 20, 50 … that is not smaller; at least 1.
 * @param {number} value
 */
export function roundUp(value) {
  if (value <= 1) return 1;
  const decade = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * decade >= value) ?? 10) * decade;
}
