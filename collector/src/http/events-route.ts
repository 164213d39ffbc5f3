import { type App, mayUseShop } from '@storepulse/http';
import { formOfRequest, itemsOf } from '../body/items.ts';
import { type IngestDeps, ingest } from '../ingest.ts';
import { answer } from './answer.ts';
import { type BodyLimits, bodyRoute } from './body-route.ts';
import type { Telemetry } from './telemetry.ts';

/** What the routes that take events need. */
export interface IngestRouteDeps extends Omit<IngestDeps, 'maySend'>, BodyLimits {
  readonly telemetry: Telemetry;
}

/** `POST /v1/events`: one event or many. */
export function eventsRoute(app: App, deps: IngestRouteDeps): void {
  bodyRoute(app, '/v1/events', deps, {
    before: ({ headers }) => {
      formOfRequest(headers);
    },
    take: async (body, { headers, caller }, reply, spend) => {
      const items = itemsOf(body, headers, deps.limits);
      spend(items.length);
      const results = await ingest(items, { ...deps, maySend: (shop) => mayUseShop(caller, shop) });
      deps.telemetry.countResults(results);
      return answer(reply, 'items', results);
    },
  });
}
