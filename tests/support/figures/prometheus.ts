import { parseMoney } from '@storepulse/contracts';
import { COUNTRY, figuresOf, isMoney, type Metric, SCALE, type Source, withoutEmpty } from './figures.ts';

/** One line of an exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** As written, so that no digit is lost. */
  readonly value: string;
}

/** Figures of the exporter's `/metrics`. */
export function prometheusSource(url: string): Source {
  return {
    name: '/metrics',
    lifetime: async (shop) => {
      const samples = await scrape(url);
      return figuresOf((metric) => toMinor(metric, find(samples, metric, { shop })));
    },
    byCountry: async (shop) => {
      const samples = await scrape(url);
      const countries = new Set(
        samples.flatMap(({ labels }) => (labels.shop === shop ? (labels[COUNTRY] ?? []) : [])),
      );
      const figures = (country: string) =>
        figuresOf((metric) => toMinor(metric, find(samples, `${metric}_by_${COUNTRY}`, { shop, country })));
      return withoutEmpty([...countries].map((country) => [country, figures(country)] as const));
    },
  };
}

/** The samples that an address exposes. */
export async function scrape(url: string): Promise<Sample[]> {
  return parseExposition(await (await fetch(`${url}/metrics`)).text());
}

/** The samples of a text in Prometheus' format; comments are passed over. */
export function parseExposition(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!match) return [];
    const [, name, labels = '', value] = match;
    return [{ name: name!, labels: parseLabels(labels), value: value! }];
  });
}

function parseLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    // A value is in JSON's quotes, with JSON's escapes of quote, backslash and line feed.
    [...text.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)].map(([, name, value]) => [name!, JSON.parse(value!)]),
  );
}

/** The value of `storepulse_<name>`, which a counter writes with the suffix `_total`. */
function find(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const names = [`storepulse_${name}`, `storepulse_${name}_total`];
  return samples.find(
    (sample) =>
      names.includes(sample.name) &&
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  )?.value;
}

/** A series that is absent counts as nothing. */
function toMinor(metric: Metric, value: string | undefined): number {
  if (value === undefined) return 0;
  return isMoney(metric) ? parseMoney(value, SCALE) : Number(value);
}
