import { BackendRequest, BackendResponse } from '@storepulse/contracts/grafana/backend-request';
import { answerBackend } from '../grafana/answer-backend.ts';
import type { Answering } from '../query/answering.ts';
import { seenBy } from '../query/seen-by.ts';
import { clientGone } from './client-gone.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';
import { writeJson } from './write-json.ts';

/** `POST /api/v1/grafana/query`: stored queries of Grafana's server, answered with frames as it exchanges them. */
export function grafanaRoute(app: App, { deps, allowances }: Answering): void {
  app.post(
    '/api/v1/grafana/query',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Answer queries as Grafana stores them',
        description:
          'For the backend of the data source: alert rules, public dashboards and recorded queries are evaluated by Grafana’s ' +
          'server, without a browser. Queries are those that dashboards store; variables have no value, and a query with one is ' +
          'refused. Frames are in the form in which Grafana’s servers exchange them. A query that fails carries its `error`.',
        tags: ['query'],
        body: BackendRequest,
        response: { 200: BackendResponse, default: Problem },
      },
    },
    async (request, reply) => {
      const allowance = allowances.begin(clientGone(reply));
      try {
        const answer = await answerBackend(request.body, seenBy(request.caller, deps), allowance);
        const body = await deps.pacer.run(writeJson(answer), allowance);
        return reply.type('application/json; charset=utf-8').send(body as never);
      } finally {
        allowance.end();
      }
    },
  );
}
