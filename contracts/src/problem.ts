/** The body of an error, after RFC 9457. */
export interface ProblemBody<Code extends string = string> {
  /** `urn:storepulse:problem:<code>` */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What is wrong, where, and what to do. */
  readonly detail: string;
  readonly code: Code;
}

/** The body of an error of a closed list. */
export function problemOf<Code extends string>(
  errors: Readonly<Record<Code, { readonly status: number; readonly title: string }>>,
  code: Code,
  detail: string,
): ProblemBody<Code> {
  const { status, title } = errors[code];
  return { type: `urn:storepulse:problem:${code}`, title, status, detail, code };
}

/** A problem as a whole answer of HTTP/1.1, for a request that could not even be read. The connection ends with it. */
export function problemAnswer(problem: ProblemBody): string {
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'content-type: application/problem+json',
    'x-content-type-options: nosniff',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
