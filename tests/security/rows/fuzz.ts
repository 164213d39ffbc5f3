import fc from 'fast-check';
import type { Row } from '../../chaos/row.ts';
import { createAttempts } from '../../chaos/support/attempts.ts';
import { createAnswerCheck } from '../support/answers.ts';
import { requestsOf } from '../support/arbitrary.ts';
import { COLLECTOR_OPERATIONS } from '../support/collector-operations.ts';
import { operationsOf } from '../support/openapi.ts';
import { openParts } from '../support/parts.ts';

/** Requests made from the parts' own schemas: most fit them, some at their edges, some not. */
export const fuzz: Row = {
  id: 'S4',
  what: 'requests made from OpenAPI of exporter and simulator, and from the published schemas of the collector, some of them broken',
  figure: 'answers 5xx 0; every answer fits the schema that its operation declares',
  repeats: 10_000,
  small: 600,
  run: async ({ repeats, onRepeat }) => {
    const attempts = createAttempts({ onRepeat });
    await using stack = new AsyncDisposableStack();
    const { apps } = stack.use(await openParts());
    const operations = [
      ...(await operationsOf(apps.exporter))!.map((operation) => ({ app: apps.exporter, operation })),
      ...(await operationsOf(apps.simulator))!.map((operation) => ({ app: apps.simulator, operation })),
      ...COLLECTOR_OPERATIONS.map((operation) => ({ app: apps.collector, operation })),
    ];
    const faultOf = createAnswerCheck();
    const answered: Record<string, number> = {};
    const numRuns = Math.ceil(repeats / operations.length);
    for (const [seed, { app, operation }] of operations.entries())
      for (const request of fc.sample(requestsOf(operation), { numRuns, seed: seed + repeats })) {
        const answer = await app.inject(request as object);
        const kind = `${Math.floor(answer.statusCode / 100)}xx`;
        answered[kind] = (answered[kind] ?? 0) + 1;
        const fault = answer.statusCode >= 500 ? answer.body : faultOf(operation, answer);
        const what = `${answer.statusCode} ${JSON.stringify(request).slice(0, 600)}: ${fault}`;
        attempts.counted(1, fault === undefined ? 1 : 0);
        if (fault !== undefined) attempts.fail(what);
        onRepeat(fault === undefined ? undefined : what);
      }
    attempts.figure('operations', operations.length);
    for (const [kind, count] of Object.entries(answered)) attempts.figure(`answers ${kind}`, count);
    return attempts.outcome();
  },
};
