import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEAD_LETTER_HEADERS } from '@storepulse/contracts';
import { SHOP } from '@storepulse/contracts/testing/events';
import type { Row } from '../../chaos/row.ts';
import { createAttempts } from '../../chaos/support/attempts.ts';
import { readDeadLetters } from '../../support/pipeline/dead-letters.ts';
import { untilDrained } from '../../support/pipeline/drained.ts';
import { countOf, fatesOf } from '../../support/pipeline/fates.ts';
import { createSender } from '../../support/pipeline/sender.ts';
import { until } from '../../support/until.ts';
import { canariesIn, canaryOf } from '../support/canary.ts';
import { PUSHES } from '../support/pushes.ts';

const PARTS = ['processor', 'collector', 'exporter'] as const;

/** Personal data where nobody expects it, through every way in of a real pipeline. */
export const canaries: Row = {
  id: 'S8',
  what: 'e-mail addresses, numbers of cards and ids of events pushed through collector, Kafka and exporter: fields, rows, keys, headers, addresses, queries',
  figure: 'found in logs (at `trace`), metrics and dead-letter reasons: 0',
  repeats: 1_000,
  // Three processes for it cost more than the rest of the small tier: `collector/src/http/security.test.ts` and
  // `tests/operations/personal-data.ts` push marked persons there.
  small: 0,
  run: async ({ servers: startServers, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    const pipeline = servers.pipeline(name);
    const urls: Record<string, string> = {};
    for (const part of PARTS) urls[part] = (await pipeline.start(part, { LOG_LEVEL: 'trace' })).url;
    const kafka = await createSender(pipeline);
    const shop = 'pushed';
    await kafka.events({ ...SHOP, shop, eventId: 'event-shop-pushed' });
    const letters = await readDeadLetters(pipeline);
    const targets = { ...{ kafka, shop }, collector: urls.collector!, exporter: urls.exporter! };
    for (let n = 0; n < repeats; n++) {
      await PUSHES[n % PUSHES.length]!(targets, canaryOf(n), n);
      onRepeat();
    }
    await untilDrained(pipeline);
    const fates = Object.entries(await fatesOf(pipeline)).filter(([fate]) => fate.startsWith('dead-letter'));
    const dead = countOf(Object.fromEntries(fates));
    await until(
      'all dead letters are read',
      () => letters.length,
      (count) => count >= dead,
    );
    const texts: [where: string, text: string][] = [];
    for (const part of PARTS) texts.push([`metrics of ${part}`, await metricsOf(urls[part]!)]);
    for (const file of await logsOf(join(servers.folder, name)))
      texts.push([file, await readFile(file, 'utf8')]);
    const { reason, detail } = DEAD_LETTER_HEADERS;
    for (const { headers } of letters) texts.push(['a dead letter', `${headers[reason]} ${headers[detail]}`]);
    let found = 0;
    const told = new Set<string>();
    for (const [where, text] of texts) {
      const lines = text.split('\n').filter((line) => canariesIn(line).length > 0);
      found += lines.length;
      for (const canary of canariesIn(text)) told.add(canary);
      for (const line of lines.slice(0, 2))
        attempts.fail(`${where.split('/').at(-1)}: ${line.slice(0, 400)}`);
    }
    attempts.counted(repeats, Math.max(0, repeats - told.size));
    // What is held against it is not nothing.
    if (dead === 0) attempts.fail('nothing became a dead letter');
    if (!letters.some(({ value }) => canariesIn(String(value)).length > 0))
      attempts.fail('no dead letter has a canary');
    attempts.figure('ways in', PUSHES.length);
    attempts.figure('dead letters', dead);
    attempts.figure(
      'log lines',
      texts.flatMap(([where, text]) => (where.endsWith('.log') ? text.split('\n') : [])).length,
    );
    attempts.figure('found', found);
    return attempts.outcome();
  },
};

/** In both formats. */
async function metricsOf(url: string): Promise<string> {
  const texts = ['text/plain', 'application/openmetrics-text'].map(async (accept) =>
    (await fetch(`${url}/metrics`, { headers: { accept } })).text(),
  );
  return (await Promise.all(texts)).join('\n');
}

async function logsOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.log')).map((name) => join(folder, name));
}
