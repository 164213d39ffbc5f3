const RECORDS = /^storepulse_processor_records_total(?:\{[^}]*\})? (\S+)/gm;
const TIMEOUT_MS = 1500;

/** Tells how many records the processor has counted per second since it was asked last; undefined at first and while it does not answer. */
export type TrafficMeter = () => Promise<number | undefined>;

/** Makes a meter that reads the processor's own `/metrics`. @param url of the processor */
export function createTrafficMeter(url: string): TrafficMeter {
  let last: { records: number; at: number } | undefined;
  return async () => {
    const records = await readRecords(url);
    if (records === undefined) return undefined;
    const now = { records, at: performance.now() };
    const before = last;
    last = now;
    // A processor that was started again counts from zero.
    if (!before || now.records < before.records) return undefined;
    return ((now.records - before.records) * 1000) / (now.at - before.at);
  };
}

async function readRecords(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return sumRecords(await response.text());
  } catch {
    return undefined;
  }
}

/** The records of all fates in a Prometheus exposition; 0 when there are none. */
export function sumRecords(exposition: string): number {
  return [...exposition.matchAll(RECORDS)].reduce((sum, [, value]) => sum + Number(value), 0);
}
