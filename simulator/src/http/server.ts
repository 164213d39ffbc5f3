import swagger from '@fastify/swagger';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Registry } from 'prom-client';
import { Type } from 'typebox';
import type { Runner, RunStatus } from '../run/runner.ts';
import { MAX_RATE } from '../settings.ts';
import { handleError, handleNotFound } from './problem.ts';

/** What the control server shows and steers. */
export interface ControlServerOptions {
  readonly runner: Runner;
  readonly seed: string;
  readonly shops: readonly string[];
  readonly registry: Registry;
  readonly logger: FastifyBaseLogger;
  /** The present, epoch ms. */
  readonly now: () => number;
}

const Status = Type.Object(
  {
    state: Type.Union([Type.Literal('running'), Type.Literal('paused'), Type.Literal('stopped')]),
    requestedRate: Type.Number({ description: 'events per second that are asked for now' }),
    achievedRate: Type.Number({
      description: 'events per second that were stored over the last ten seconds',
    }),
    sent: Type.Integer({ description: 'events stored since the start' }),
    queued: Type.Integer({ description: 'events that are due and not stored yet' }),
    waiting: Type.Integer({ description: 'visits under way and things that will happen later' }),
    seed: Type.String({ description: 'give it as SIMULATOR_SEED to draw the same chances again' }),
    shops: Type.Array(Type.String()),
  },
  { description: 'what the simulator is doing' },
);
const Rate = Type.Object(
  { rate: Type.Number({ minimum: 0, maximum: MAX_RATE, description: 'events per second' }) },
  { additionalProperties: false },
);

/** Without progress for so long, the simulator is not ready: Kafka does not take what it makes. */
const STALLED_AFTER_MS = 10_000;

/** The REST interface that steers a run, with its OpenAPI document, health and metrics. */
export async function createControlServer(options: ControlServerOptions): Promise<FastifyInstance> {
  const { runner, seed, shops, registry, logger, now } = options;
  const app = fastify({
    loggerInstance: logger,
    bodyLimit: 64 * 1024,
    // A field that is misspelt or of another type is answered with an error, not dropped or guessed.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    logController: new LogController({ disableRequestLogging: true }),
  });
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(handleNotFound);
  await app.register(swagger, {
    openapi: {
      info: { title: 'Storepulse simulator', description: 'Steers synthetic traffic', version: '1' },
    },
  });

  const status = (): RunStatus & { seed: string; shops: readonly string[] } => ({
    ...runner.status(),
    seed,
    shops,
  });
  const answers = { response: { 200: Status } };

  app.get('/v1/status', { schema: { summary: 'What the simulator is doing', ...answers } }, status);
  app.put<{ Body: { rate: number } }>(
    '/v1/rate',
    { schema: { summary: 'Sets the events per second, from now on', body: Rate, ...answers } },
    (request) => {
      runner.setRate(request.body.rate);
      return status();
    },
  );
  const actions = [
    ['pause', 'Makes no more events until resumed'],
    ['resume', 'Goes on after a pause, with the last rate'],
    ['stop', 'Ends the traffic until the next start'],
  ] as const;
  for (const [action, summary] of actions) {
    app.post(`/v1/${action}`, { schema: { summary, ...answers } }, () => {
      runner[action]();
      return status();
    });
  }

  const hidden = { schema: { hide: true } };
  app.get('/openapi.json', hidden, () => app.swagger());
  app.get('/metrics', hidden, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  app.get('/-/healthy', hidden, () => ({ healthy: true }));
  app.get('/-/ready', hidden, (_request, reply) => {
    const { state } = runner.status();
    const ready = state === 'stopped' || now() - runner.lastTick < STALLED_AFTER_MS;
    return reply.code(ready ? 200 : 503).send({ ready, state });
  });
  return app;
}
