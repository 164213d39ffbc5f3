import type { Format } from './exposition.ts';

/** The format that an `Accept` header prefers: OpenMetrics when it is named and not ranked below plain text. */
export function negotiateFormat(accept: string | undefined): Format {
  const ranges = (accept ?? '').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, quality: quality ? Number(quality.slice(2)) : 1 };
  });
  const best = (type: string) =>
    Math.max(0, ...ranges.filter((range) => range.type === type).map((range) => range.quality));
  const openMetrics = best('application/openmetrics-text');
  return openMetrics > 0 && openMetrics >= best('text/plain') ? 'openMetrics' : 'text';
}
