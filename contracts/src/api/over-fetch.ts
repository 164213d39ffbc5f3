import type { ProblemBody } from '../problem.ts';
import type { ApiCall } from './calls.ts';

/** Where the exporter is, and how it is reached. */
export interface FetchTransport {
  /** Sends a request, as the global `fetch` does. */
  readonly fetch: typeof globalThis.fetch;
  /** The exporter's address. */
  readonly url: string | URL;
  /** Sent with each request, such as `authorization`. @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown when the exporter answers a call with an error. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Its HTTP status. */
  readonly status: number;
  /** What it says is wrong, where it says so as Storepulse does. */
  readonly problem: ProblemBody | undefined;

  constructor(status: number, text: string) {
    const problem = readProblem(text);
    super(problem ? `${problem.title}: ${problem.detail}` : `The answer has status ${status}: ${text}`);
    this.status = status;
    this.problem = problem;
  }
}

/**
 * Makes a function that sends calls and reads their answers.
 * @throws {ApiError} from the function, when the exporter refuses
 * @throws whatever `fetch` does, when nothing answers
 */
export function overFetch({ fetch, url, headers = {} }: FetchTransport) {
  return async <Answer>({ method, path, body }: ApiCall<Answer>): Promise<Answer> => {
    const content: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(new URL(`/api/v1/${path}`, url), {
      method,
      headers: { ...content, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new ApiError(response.status, await response.text());
    return (await response.json()) as Answer;
  };
}

function readProblem(text: string): ProblemBody | undefined {
  try {
    const body = JSON.parse(text) as Partial<ProblemBody> | null;
    return typeof body?.code === 'string' && typeof body.detail === 'string'
      ? (body as ProblemBody)
      : undefined;
  } catch {
    return undefined;
  }
}
