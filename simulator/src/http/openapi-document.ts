import pino from 'pino';
import { Registry } from 'prom-client';
import { createSimulator } from '../run/simulator.ts';
import { createControlServer } from './server.ts';

/** The OpenAPI document of the control interface, as JSON text: what `GET /openapi.json` answers. */
export async function openApiDocument(): Promise<string> {
  const clock = { now: () => 0, sleepUntil: async () => {} };
  const simulator = createSimulator({ sink: { send: async () => {} }, clock, onEmission: () => {} });
  const logger = pino({ level: 'silent' });
  const app = await createControlServer({ simulator, registry: new Registry(), logger, now: clock.now });
  await app.ready();
  return `${JSON.stringify(app.swagger(), null, 2)}\n`;
}
