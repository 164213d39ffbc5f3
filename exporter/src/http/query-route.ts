import { QueryRequest, QueryResponse, type QueryResult } from '@storepulse/contracts';
import { ERRORS, type ErrorCode, ExporterError } from '../errors.ts';
import { prefersCsv } from '../metrics/negotiate.ts';
import { answerRequest } from '../query/answer.ts';
import type { Answering } from '../query/answering.ts';
import { finalContent } from '../query/final-answer.ts';
import { seenBy } from '../query/seen-by.ts';
import { clientGone } from './client-gone.ts';
import { entityTag, isKnownTag, NotModified } from './entity-tag.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';
import { writeCsv } from './write-csv.ts';
import { writeJson } from './write-json.ts';

/** `POST /api/v1/query`: metrics as data frames. */
export function queryRoute(app: App, { deps, uncached, allowances }: Answering): void {
  app.post(
    '/api/v1/query',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Query metrics',
        description:
          'Answers each query with data frames. A query that fails carries its own `error`; the others are answered: ' +
          'with 207 when the fault is ours. When none is answered and the fault is ours, the answer is a problem. ' +
          'A time series answers whole buckets that overlap the range, a table the range itself, exact to ten seconds. ' +
          'With `Cache-Control: no-cache` stored windows are read anew, whatever is kept of them. ' +
          'With `Accept: text/csv` the answer is CSV, a row for each number, and an error of any query is a problem. ' +
          'A final answer has an `ETag`: whoever sends it as `If-None-Match` gets 304 while it would say the same.',
        tags: ['query'],
        body: QueryRequest,
        response: { 200: QueryResponse, 207: QueryResponse, 304: NotModified, default: Problem },
      },
    },
    async (request, reply) => {
      const allowance = allowances.begin(clientGone(reply));
      try {
        const isAnew = request.headers['cache-control']?.includes('no-cache') ?? false;
        const answer = await answerRequest(
          request.body,
          seenBy(request.caller, isAnew ? uncached : deps),
          allowance,
        );
        reply.code(statusOf(Object.values(answer.results)));
        reply.header('vary', 'accept');
        const isCsv = prefersCsv(request.headers.accept);
        const toJson = (value: unknown) => writeJson(value, deps.answers.textOf);
        const content = finalContent(answer);
        if (content) {
          const said = await deps.pacer.run(toJson(content), allowance);
          const tag = entityTag(isCsv ? 'csv' : 'json', said);
          reply.header('etag', tag).header('cache-control', 'private, no-cache');
          if (isKnownTag(request.headers['if-none-match'], tag)) return reply.code(304).send(undefined);
        }
        const written = isCsv ? writeCsv(answer, request.body.queries) : toJson(answer);
        const body = await deps.pacer.run(written, allowance);
        return reply.type(`${isCsv ? 'text/csv' : 'application/json'}; charset=utf-8`).send(body as never);
      } finally {
        allowance.end();
      }
    },
  );
}

/**
 * 200 unless queries failed by a fault of ours, 207 when others were answered all the same.
 * @throws {ExporterError} the first fault of ours when none was answered
 */
function statusOf(results: readonly QueryResult[]): 200 | 207 {
  const fault = results.find(({ error }) => error && isOurs(error.code as ErrorCode))?.error;
  if (!fault) return 200;
  if (results.every(({ error }) => error)) throw new ExporterError(fault.code as ErrorCode, fault.detail);
  return 207;
}

const isOurs = (code: ErrorCode): boolean => ERRORS[code].status >= 500;
