import { durationOf, millisecondsOf } from '@storepulse/local/monitoring/scale-rules';
import type { Rule } from './promtool-tests.ts';

/** A rule one limit of which is moved a little: tests that stand on both sides of the limit tell the two apart. */
export interface MovedLimit {
  /** In words, such as `> 0.5 becomes >= 0.5`. */
  readonly what: string;
  readonly rule: Rule;
}

/** A comparison with a number, or with a multiple of something. */
const COMPARISON = /(>=|<=|==|>|<)(\s*)(-?\d+(?:\.\d+)?)/g;
/** What each comparison is at its very limit. */
const AT_LIMIT: Readonly<Record<string, string>> = { '>': '>=', '<': '<=', '>=': '>', '<=': '<' };
const MINUTE_MS = 60_000;

/**
 * Every way to move one limit of an alert:
 * - each comparison takes in its very limit, or leaves it out;
 * - each comparison's number is a tenth further (from 0: 1 further), so that what just passes it does not any more;
 * - it waits a minute longer, and a minute less.
 */
export function movedLimits(rule: Rule): MovedLimit[] {
  const { expr } = rule;
  const moved: MovedLimit[] = [];
  for (const match of expr.matchAll(COMPARISON)) {
    const [text, operator, space, number] = match as unknown as [string, string, string, string];
    const put = (other: string) => ({
      what: `${text} becomes ${other} in …${expr.slice(Math.max(0, match.index - 40), match.index).replace(/\s+/g, ' ')}`,
      rule: { ...rule, expr: expr.slice(0, match.index) + other + expr.slice(match.index + text.length) },
    });
    const limit = AT_LIMIT[operator];
    if (limit) moved.push(put(`${limit}${space}${number}`));
    // What is divided by need not be far from zero, only not zero.
    if (expr.slice(match.index).startsWith(`${text})`) && operator === '>' && Number(number) === 0) continue;
    moved.push(put(furtherFrom(operator, Number(number), space)));
  }
  const wait = millisecondsOf(rule.for ?? '0s');
  for (const ms of [wait + MINUTE_MS, ...(wait > 0 ? [wait - MINUTE_MS] : [])])
    moved.push({
      what: `for ${rule.for ?? 0} becomes ${durationOf(ms)}`,
      rule: { ...rule, for: ms === 0 ? '0s' : durationOf(ms) },
    });
  return moved;
}

function furtherFrom(operator: string, number: number, space: string): string {
  // An equation takes in its neighbours.
  if (operator === '==') return `<=${space}${number + 2}`;
  const tenth = Math.abs(number) / 10;
  // Counts are whole, and so is the next one.
  const step = number === 0 || (Number.isInteger(number) && number > 3) ? Math.max(1, tenth) : tenth;
  return `${operator}${space}${Number((operator.startsWith('>') ? number + step : number - step).toFixed(6))}`;
}
