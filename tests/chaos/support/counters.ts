import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 250;
const SAMPLE = /^(\w+)(\{.*\})? (\S+)$/;

/** Watches an exposition's counters; what it says must only rise. */
export interface CounterWatch {
  /** Ends it. @returns the falls that were seen, in words, and how many readings there were */
  stop(): Promise<{ falls: string[]; readings: number }>;
}

/** Reads `/metrics` of an exporter again and again; one that does not answer is asked again. */
export function watchCounters(url: string): CounterWatch {
  const highest = new Map<string, number>();
  const falls: string[] = [];
  let readings = 0;
  let wanted = true;
  const watching = (async () => {
    while (wanted) {
      const text = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) })
        .then((response) => (response.ok ? response.text() : ''))
        .catch(() => '');
      const counters = countersIn(text);
      if (counters.size > 0) readings += 1;
      for (const [series, value] of counters) {
        const before = highest.get(series) ?? 0;
        if (value < before) falls.push(`${series} fell from ${before} to ${value}`);
        highest.set(series, Math.max(value, before));
      }
      await sleep(LOOK_EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      wanted = false;
      await watching;
      return { falls, readings };
    },
  };
}

/** The series of a text in Prometheus' format whose family is a counter of a shop. */
export function countersIn(text: string): Map<string, number> {
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]));
  const counters = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || !labels.includes('shop=')) continue;
    if ((types.get(name) ?? types.get(name.replace(/_total$/, ''))) !== 'counter') continue;
    counters.set(`${name}${labels}`, Number(value));
  }
  return counters;
}
