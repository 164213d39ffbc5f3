import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { eventRegistry, SettingsError } from '@storepulse/contracts';
import { openCatalog } from '@storepulse/contracts/catalog/file/read';
import { pino } from 'pino';
import { ProcessorError } from './errors.ts';
import { createProgressDisplay } from './rebuild/bar.ts';
import { createProgram } from './rebuild/program.ts';
import { openRebuilds } from './rebuild/rebuilds.ts';
import { readProcessorSettings } from './settings.ts';

/** `npm run rebuild`: see `rebuild/program.ts`. */
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

try {
  const { kafka, mongo, processor: settings, catalog: declared } = readProcessorSettings(process.env);
  const catalog = openCatalog(declared.catalogFile);
  const display = createProgressDisplay(process.stderr);
  const rebuilds = openRebuilds({
    ...{ catalog, events: eventRegistry, kafka, mongo, settings },
    owner: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    logger: pino({ level: 'silent' }),
    onProgress: display.update,
    signal: stop.signal,
  });
  const program = createProgram({
    actions: { ...rebuilds, run: (rebuild) => rebuilds.run(rebuild).finally(display.stop) },
    write: (text) => process.stdout.write(`${text}\n`),
  });
  await program.parseAsync().finally(rebuilds.close);
} catch (error) {
  if (stop.signal.aborted) console.error('rebuild: interrupted; run it again to go on.');
  else if (error instanceof ProcessorError || error instanceof SettingsError)
    console.error(`rebuild: ${error.message}`);
  else throw error;
  process.exitCode = 1;
}
