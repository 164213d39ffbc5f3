import { setTimeout as sleep } from 'node:timers/promises';
import { LAYOUT_VERSION } from '@storepulse/contracts';
import { Type } from 'typebox';
import type { MetricStore } from '../store/store.ts';
import type { App } from './type-provider.ts';

const Ready = Type.Object({
  ready: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'why not' })),
});

const OPEN = { config: { access: 'open' } } as const;
/** A store that does not answer for so long can't be read, in ms: whoever asks whether it can must not wait for it. */
const SILENT_MS = 3_000;

/** `GET /-/healthy`: the process serves. `GET /-/ready`: the store can be read and is laid out as we know it. */
export function healthRoutes(app: App, { store }: { store: MetricStore }): void {
  app.get(
    '/-/healthy',
    {
      ...OPEN,
      schema: { tags: ['operation'], response: { 200: Type.Object({ healthy: Type.Literal(true) }) } },
    },
    async () => ({ healthy: true as const }),
  );
  app.get(
    '/-/ready',
    { ...OPEN, schema: { tags: ['operation'], response: { 200: Ready, 503: Ready } } },
    async (_request, reply) => {
      const reason = await whyNotReady(store);
      if (reason === undefined) return { ready: true };
      return reply.code(503).send({ ready: false, reason });
    },
  );
}

async function whyNotReady(store: MetricStore): Promise<string | undefined> {
  const answered = new AbortController();
  try {
    const version = await Promise.race([
      store.layoutVersion(),
      sleep(SILENT_MS, 'silent' as const, { signal: answered.signal }),
    ]);
    if (version === 'silent') return `MongoDB has not answered for ${SILENT_MS / 1_000} s`;
    if (version === LAYOUT_VERSION) return undefined;
    return version === null
      ? 'the database holds nothing yet: start the processor, or check MONGODB_DATABASE'
      : `the database holds layout version ${version}, this exporter reads ${LAYOUT_VERSION}: use the release that wrote it`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    answered.abort();
  }
}
