import type { FastifyReply, FastifyRequest } from 'fastify';
import { prefersCsv } from '../metrics/negotiate.ts';
import type { Allowance } from '../work/allowance.ts';
import type { Pacer, Steps } from '../work/pacer.ts';
import { writeJson } from './write-json.ts';

/** What a list is written from. */
export interface ListAnswer {
  /** The answer as JSON. */
  readonly json: object;
  /** Writes the same as CSV. */
  readonly csv: () => Steps<Buffer>;
  /** Cursor of the page after it, named by the header `link`; null or undefined: there is none. */
  readonly next?: string | null;
}

/** Sends a list in the form that the client prefers; writing it is part of the request's allowance. */
export async function sendList(
  request: Pick<FastifyRequest, 'url' | 'headers'>,
  reply: FastifyReply,
  { json, csv, next = null }: ListAnswer,
  { pacer, allowance }: { readonly pacer: Pacer; readonly allowance: Allowance },
): Promise<FastifyReply> {
  if (next !== null) reply.header('link', `<${addressOf(request.url, next)}>; rel="next"`);
  reply.header('vary', 'accept');
  const isCsv = prefersCsv(request.headers.accept);
  const body = await pacer.run(isCsv ? csv() : writeJson(json), allowance);
  return reply.type(`${isCsv ? 'text/csv' : 'application/json'}; charset=utf-8`).send(body);
}

/** The address of a request with another cursor. */
function addressOf(url: string, cursor: string): string {
  const { pathname, searchParams } = new URL(url, 'http://exporter');
  searchParams.set('cursor', cursor);
  return `${pathname}?${searchParams}`;
}
