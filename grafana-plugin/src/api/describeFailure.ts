import { isFetchError } from '@grafana/runtime';
import { NotStorepulseError } from './client';

/** Body of an RFC 9457 `application/problem+json` answer. */
interface Problem {
  title: string;
  detail?: string;
}

/**
 * Says what went wrong on the way to the exporter, where, and what to do about it, for a person who configures
 * or reads a dashboard. Grafana's proxy changes some statuses: an upstream 401 arrives as 400, an unreachable
 * upstream as 502 and a slow one as 504, both with an empty body.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof NotStorepulseError) {
    return `${error.message}. Check that the URL is that of a Storepulse exporter.`;
  }
  if (!isFetchError(error)) {
    return error instanceof Error ? error.message : String(error);
  }
  if (isAuthenticationFailure(error.status, error.data)) {
    return 'The API key was refused. Enter a key with the right to read in the data source’s settings.';
  }
  const problem = readProblem(error.data);
  if (problem) {
    return problem.detail ? `${problem.title}: ${problem.detail}` : problem.title;
  }
  switch (error.status) {
    case 403:
      return 'The API key is not allowed to read metrics. Enter a key with the right to read in the data source’s settings.';
    case 404:
      return 'The address answers, but has no Storepulse API. Check that the URL is that of a Storepulse exporter.';
    case 502:
      return 'The exporter can’t be reached. Check that it runs and that Grafana’s server reaches the URL in the data source’s settings. With https, check the TLS settings too.';
    case 504:
      return 'The exporter did not answer in time. Check its load and its logs, or ask for a shorter range.';
    default:
      return `The request failed with status ${error.status} ${error.statusText ?? ''}`.trimEnd();
  }
}

/** Whether a request failed for what was asked in it, so that a part of it might be answered. */
export function isRefusal(error: unknown): boolean {
  return (
    isFetchError(error) &&
    (error.status === 400 || error.status === 413) &&
    !isAuthenticationFailure(error.status, error.data)
  );
}

function isAuthenticationFailure(status: number, data: unknown): boolean {
  return (
    status === 401 || (status === 400 && /authentication to data source failed/i.test(readMessage(data)))
  );
}

function readMessage(data: unknown): string {
  return isObject(data) && typeof data.message === 'string' ? data.message : '';
}

function readProblem(data: unknown): Problem | undefined {
  if (!isObject(data) || typeof data.title !== 'string') {
    return undefined;
  }
  return { title: data.title, ...(typeof data.detail === 'string' ? { detail: data.detail } : {}) };
}

function isObject(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null;
}
