import { QueryRequest, QueryResponse } from '@storepulse/contracts';
import { type AnswerDeps, answerRequest } from '../query/answer.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';

/** `POST /api/v1/query`: metrics as data frames. */
export function queryRoute(app: App, deps: AnswerDeps): void {
  app.post(
    '/api/v1/query',
    {
      schema: {
        summary: 'Query metrics',
        description:
          'Answers each query with data frames. A query that fails carries its own `error`; the others are answered. ' +
          'A time series answers whole buckets that overlap the range, a table the range itself, exact to ten seconds.',
        tags: ['query'],
        body: QueryRequest,
        response: { 200: QueryResponse, default: Problem },
      },
    },
    (request) => answerRequest(request.body, deps),
  );
}
