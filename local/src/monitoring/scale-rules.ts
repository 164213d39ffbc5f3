import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';

/** How many times quicker than in production rules look and wait; a whole number from 1 (production) to 60. */
export type TimeScale = number & { readonly __brand: 'TimeScale' };

/** The longest step of a rule, three minutes, is then three scrapes a second apart: a rate needs two. */
export const LARGEST_SCALE = 60;

/** Rules as they are in production. */
export const PRODUCTION = 1 as TimeScale;

/** A text as a time scale; undefined when it is none. */
export function readTimeScale(text: string): TimeScale | undefined {
  const factor = Number(text);
  return /^\d+$/.test(text) && factor >= 1 && factor <= LARGEST_SCALE ? (factor as TimeScale) : undefined;
}

/**
 * Alerts that are the same on every scale, since their limits are seconds and numbers of scrapes that stand in the expression:
 * with shorter windows they would mean something else.
 */
export const UNSCALED_ALERTS: readonly string[] = ['FiguresStale', 'WarehouseStale'];

/** The shortest `for` on a quicker scale. */
export const LEAST_WAIT_MS = 5000;
/**
 * The shortest `for` of an alert that a part is down, or stuck. On a quick scale a scrape may take one second, not ten, and a
 * machine is busy: a part that is late for some of them is not down, and one whose commit is late is not stuck.
 */
export const LEAST_WAIT_OF_DOWN_MS = 15_000;

const UNITS: readonly (readonly [string, number])[] = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];
const DURATION = String.raw`(?:\d+(?:ms|[wdhms]))+`;
/** Ranges, the steps of subqueries, and offsets. */
const WINDOWS = new RegExp(String.raw`(\[|(?<=\[${DURATION}):|\boffset\s+-?)(${DURATION})`, 'g');

/**
 * The rules of a file on another time scale. Ranges, offsets and `for` are divided by the factor, `for` to five seconds at least, to fifteen where a part is down or stuck; what is a day or longer stays,
 * since it is the calendar: a shop's weekdays do not go by quicker. Numbers stay, as shares, counts and seconds of latency
 * mean the same on every scale; so a quicker scale needs more traffic.
 * @param text a file of Prometheus rules
 */
export function scaleRules(text: string, factor: TimeScale): string {
  const document = parseDocument(text);
  for (const rule of rulesOf(document)) {
    const alert = String(rule.get('alert'));
    if (UNSCALED_ALERTS.includes(alert)) continue;
    rule.set('expr', scaleExpression(String(rule.get('expr')), factor));
    const wait = rule.get('for');
    if (wait !== undefined) rule.set('for', scaleWait(String(wait), factor, leastWaitOf(alert)));
  }
  return document.toString({ lineWidth: 0 });
}

/** An expression whose ranges and offsets are divided. */
export function scaleExpression(expression: string, factor: TimeScale): string {
  return expression.replace(
    WINDOWS,
    (_match, before: string, duration: string) => before + scaleDuration(duration, factor),
  );
}

/** A duration of Prometheus divided, to the millisecond; a day or more stays. */
export function scaleDuration(text: string, factor: TimeScale): string {
  const ms = millisecondsOf(text);
  return ms >= 86_400_000 ? text : durationOf(Math.max(1, Math.round(ms / factor)));
}

/** The shortest `for` of an alert on a quicker scale, ms. */
export function leastWaitOf(alert: string): number {
  return /(Down|Stuck)$/.test(alert) ? LEAST_WAIT_OF_DOWN_MS : LEAST_WAIT_MS;
}

/** A `for` divided, but not to less than some scrapes: one that comes late is no fault. */
function scaleWait(text: string, factor: TimeScale, leastMs: number): string {
  const least = Math.min(leastMs, millisecondsOf(text));
  const scaled = scaleDuration(text, factor);
  return millisecondsOf(scaled) < least ? durationOf(least) : scaled;
}

/** A duration of Prometheus, such as `1h30m`, in ms. */
export function millisecondsOf(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|[wdhms])/g)];
  return parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS.find(([name]) => name === unit)![1], 0);
}

/** The shortest way to write a number of ms for Prometheus. */
export function durationOf(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms % length === 0)!;
  return `${ms / size}${unit}`;
}

function rulesOf(document: Document): YAMLMap[] {
  const groups = document.get('groups');
  if (!isSeq(groups)) return [];
  return groups.items.flatMap((group) => {
    const rules = isMap(group) ? group.get('rules') : undefined;
    return isSeq(rules) ? rules.items.filter((rule): rule is YAMLMap => isMap(rule)) : [];
  });
}
