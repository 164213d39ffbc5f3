import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import swagger from '@fastify/swagger';
import { EARLIEST_EVENT_TIME } from '@storepulse/contracts';
import { type App, accessInOpenApi, createHttpApp, type Listening } from '@storepulse/http';
import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import { parseDuration } from '../duration.ts';
import { FaultShares, totalShare } from '../faults/faults.ts';
import { LoadProfile } from '../load/profile.ts';
import type { Command } from '../run/commands.ts';
import { RunSpec } from '../run/run-spec.ts';
import type { Runner } from '../run/runner.ts';
import type { Simulator } from '../run/simulator.ts';
import { SCENARIOS, type ScenarioName } from '../scenarios/scenarios.ts';
import { addPageRoutes } from './page/routes.ts';
import { ERRORS, explain, Refusal } from './problem.ts';
import {
  LedgerAnswer,
  LedgerQuery,
  RateBody,
  RecentCommands,
  RecentQuery,
  RunBody,
  ScenarioBody,
  ScenarioPath,
  Status,
} from './schemas.ts';

/** What the control server shows and steers. */
export interface ControlServerOptions extends Listening {
  readonly simulator: Simulator;
  readonly registry: Registry;
  readonly logger: FastifyBaseLogger;
  /** The present, epoch ms. */
  readonly now: () => number;
}

/** A run is of all its shops: who is bound to some can't steer it. */
const STEERING = { config: { access: 'control', allShops: true } } as const;
/** Without progress for so long, the simulator is not ready: Kafka does not take what it makes. */
const STALLED_AFTER_MS = 10_000;
/** A command is in force at once, unless history is being made: an answer does not wait for longer. */
const IN_FORCE_WITHIN_MS = 250;
const LOOK_EVERY_MS = 5;
/** A recorded timeline is long when its run was steered a lot. */
const BODY_LIMIT = 4 * 1024 * 1024;

/** The REST interface that steers runs, with its OpenAPI document, health and metrics. */
export async function createControlServer(options: ControlServerOptions): Promise<App> {
  const { registry, logger } = options;
  const { app, seal } = createHttpApp({
    ...options,
    ...{ part: 'simulator', log: logger, registry, errors: ERRORS, bodyLimit: BODY_LIMIT },
    texts: { instead: '/openapi.json lists what there is', explain },
    // A field that is misspelt or of another type is answered with an error, not dropped or guessed.
    fastify: { ajv: { customOptions: { removeAdditional: false, coerceTypes: false, discriminator: true } } },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      components: accessInOpenApi.components,
      info: { title: 'Storepulse simulator', description: 'Steers synthetic traffic', version: '1' },
    },
    transform: accessInOpenApi.transform,
  });
  addControlRoutes(app, options);
  addOperationRoutes(app, registry, options);
  addPageRoutes(app);
  seal();
  return app;
}

function addControlRoutes(app: App, { simulator, now }: ControlServerOptions): void {
  const status = (): Status => {
    const { seed, shops } = simulator.spec;
    return {
      ...simulator.runner.status(),
      scenarios: [...simulator.runner.status().scenarios],
      seed,
      shops: shops.map(({ shop }) => shop),
    };
  };
  const steer = (command: Command, after?: number): number => {
    if (simulator.runner.status().state === 'stopped') {
      throw new Refusal('stopped', 'The run has ended; POST /v1/run begins another one');
    }
    return simulator.runner.command(command, after);
  };
  /** Steers from now on, and tells what the simulator does then. */
  const steered = async (command: Command): Promise<Status> => {
    await inForce(simulator.runner, steer(command));
    return status();
  };
  const schema = (summary: string, request: object = {}) => ({
    ...STEERING,
    schema: { summary, ...request, response: { 200: Status } },
  });

  app.get('/v1/status', schema('What the simulator is doing'), status);
  app.put<{ Body: { rate: number } }>(
    '/v1/rate',
    schema('Sets the events per second, from now on', { body: RateBody }),
    ({ body }) => {
      return steered({ command: 'rate', rate: body.rate });
    },
  );
  app.put<{ Body: LoadProfile }>(
    '/v1/profile',
    schema('Sets how the rate goes, from now on', { body: LoadProfile }),
    ({ body }) => {
      return steered({ command: 'profile', profile: body });
    },
  );
  app.put<{ Body: FaultShares }>(
    '/v1/faults',
    schema('Sets the faults, from now on', { body: FaultShares }),
    ({ body }) => {
      if (totalShare(body) > 1) throw new Refusal('invalid_request', 'The shares add up to more than 1');
      return steered({ command: 'faults', faults: body });
    },
  );
  const actions = [
    ['pause', 'Makes no more events until resumed'],
    ['resume', 'Goes on after a pause'],
    ['stop', 'Ends the run, once what is due is stored'],
  ] as const;
  for (const [action, summary] of actions) {
    app.post(`/v1/${action}`, schema(summary), () => steered({ command: action }));
  }
  app.get(
    '/v1/scenarios',
    { ...STEERING, schema: { summary: 'The scenarios that there are' } },
    () => SCENARIOS,
  );
  app.post<{ Params: { name: ScenarioName }; Body: { for?: string } | null }>(
    '/v1/scenarios/:name',
    schema('Begins a scenario, or goes on with it: for a while from now on, or until it is ended', {
      params: ScenarioPath,
      body: ScenarioBody,
    }),
    async ({ params: { name: scenario }, body }) => {
      const begun = steer({ command: 'scenario-start', scenario });
      if (body?.for) steer({ command: 'scenario-end', scenario, begun }, parseDuration(body.for));
      await inForce(simulator.runner, begun);
      return status();
    },
  );
  app.delete<{ Params: { name: ScenarioName } }>(
    '/v1/scenarios/:name',
    schema('Ends a scenario', { params: ScenarioPath }),
    ({ params: { name: scenario } }) => {
      return steered({ command: 'scenario-end', scenario });
    },
  );
  app.get(
    '/v1/timeline',
    {
      ...STEERING,
      schema: {
        summary: 'All that decides the events of this run, so that it can be run again',
        response: { 200: RunSpec },
      },
    },
    () => simulator.spec,
  );
  app.get<{ Querystring: RecentQuery }>(
    '/v1/timeline/recent',
    {
      ...STEERING,
      schema: {
        summary: 'What was done to this run last, the newest first',
        querystring: RecentQuery,
        response: { 200: RecentCommands },
      },
    },
    ({ query: { limit } }) => {
      const { timeline } = simulator.runner;
      return { count: timeline.length, commands: timeline.slice(-Number(limit)).reverse() };
    },
  );
  app.get<{ Querystring: { shop: string } }>(
    '/v1/ledger',
    {
      ...STEERING,
      schema: {
        summary: 'What the numbers of this run must be',
        querystring: LedgerQuery,
        response: { 200: LedgerAnswer },
      },
    },
    ({ query: { shop } }) => {
      const summary = simulator.ledger.summary(shop);
      if (!summary) throw new Refusal('unknown_shop', `This run has no shop ${shop}`);
      return summary;
    },
  );
  app.post<{ Body: RunBody }>(
    '/v1/run',
    schema('Ends the run and begins another', { body: RunBody }),
    async ({ body }) => {
      await simulator.start('again' in body ? body.again : newRun(body, simulator.spec, now()));
      return status();
    },
  );
}

/** Returns once what holds from `at` on, epoch ms, is in force, or will be when history has been made. */
async function inForce(runner: Runner, at: number): Promise<void> {
  const asked = performance.now();
  while ((runner.status().madeUntil ?? 0) < at && performance.now() - asked < IN_FORCE_WITHIN_MS) {
    await setTimeout(LOOK_EVERY_MS);
  }
}

function newRun(body: Exclude<RunBody, { again: RunSpec }>, last: RunSpec, now: number): RunSpec {
  const { seed = randomBytes(8).toString('hex'), shops = last.shops, profile = last.profile, from } = body;
  const origin = now - (from === undefined ? 0 : parseDuration(from.slice(1)));
  if (origin < EARLIEST_EVENT_TIME) {
    throw new Refusal('invalid_request', `${from} is before 2000, which no reader takes for an event's time`);
  }
  return { seed, shops, origin, profile, timeline: [] };
}

function addOperationRoutes(app: App, registry: Registry, { simulator, now }: ControlServerOptions): void {
  const hidden = { config: { access: 'open' }, schema: { hide: true } } as const;
  app.get('/openapi.json', hidden, () => app.swagger());
  app.get('/metrics', hidden, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  app.get('/-/healthy', hidden, () => ({ healthy: true }));
  app.get('/-/ready', hidden, (_request, reply) => {
    const { state } = simulator.runner.status();
    const ready = state === 'stopped' || now() - simulator.runner.lastTick < STALLED_AFTER_MS;
    return reply.code(ready ? 200 : 503).send({ ready, state });
  });
}
