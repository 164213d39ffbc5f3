import type { Format } from './exposition.ts';

/** How a header such as `Accept` ranks something: 0 to 1, or undefined when it does not name it. */
function qualityOf(header: string | undefined, name: string): number | undefined {
  const qualities = (header ?? '').split(',').flatMap((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (type !== name) return [];
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return [quality ? Number(quality.slice(2)) : 1];
  });
  return qualities.length === 0 ? undefined : Math.max(...qualities);
}

/** The format that an `Accept` header prefers: OpenMetrics when it is named and not ranked below plain text. */
export function negotiateFormat(accept: string | undefined): Format {
  const openMetrics = qualityOf(accept, 'application/openmetrics-text') ?? 0;
  return openMetrics > 0 && openMetrics >= (qualityOf(accept, 'text/plain') ?? 0) ? 'openMetrics' : 'text';
}

/** Whether an `Accept-Encoding` header takes gzip. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return (qualityOf(acceptEncoding, 'gzip') ?? qualityOf(acceptEncoding, '*') ?? 0) > 0;
}

/** Whether an `Accept` header asks for CSV: it is named and not ranked below JSON. */
export function prefersCsv(accept: string | undefined): boolean {
  const csv = qualityOf(accept, 'text/csv') ?? 0;
  return csv > 0 && csv >= (qualityOf(accept, 'application/json') ?? 0);
}
