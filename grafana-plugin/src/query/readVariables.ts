import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { REFERENCE } from '@storepulse/contracts/grafana/references';

/** What a text stands for once the dashboard's variables are put in. */
export type Reading =
  | {
      kind: 'texts';
      /** At least one; several where a variable has several values. */
      texts: string[];
      /** References such as `$x` for which the dashboard has no variable: they stay in the texts as they are. */
      unknown: string[];
    }
  /** The text is a variable that stands for everything, by whatever value its "All" is told. */
  | { kind: 'all'; reference: string }
  /** The text is, or holds, a variable that gives it no value. */
  | { kind: 'none'; reference: string; reason: 'has no value' | 'is All, which fits no part of a text' };

/** Reads a text of a query. */
export type ReadText = (text: string) => Reading;

/** Values that a variable's "All" has in an address, and in a text. */
const ALL_VALUE = '$__all';
const ALL_TEXT = 'All';

type Value = { kind: 'values'; values: string[] } | { kind: 'all' } | { kind: 'unknown' };

/**
 * Makes a reader of texts by the variables of a dashboard. The format of a reference (`${x:csv}`) is passed over: a
 * query's texts are values, not parts of a language, and several values stay several.
 */
export function readVariables(templateSrv: TemplateSrv, scopedVars: ScopedVars): ReadText {
  return (text) => {
    const references = [...text.matchAll(REFERENCE)];
    const values = references.map(([, bare, bracketed, braced, path]) =>
      valuesOf(bare ?? bracketed ?? braced ?? '', path ?? '', templateSrv, scopedVars),
    );
    const [first] = references;
    if (first?.[0] === text && values[0]?.kind === 'all') {
      return { kind: 'all', reference: text };
    }
    let texts = [''];
    let at = 0;
    const unknown: string[] = [];
    for (const [n, { 0: reference, index }] of references.entries()) {
      const value = values[n]!;
      const before = text.slice(at, index);
      at = index + reference.length;
      if (value.kind === 'unknown') {
        unknown.push(reference);
        texts = texts.map((start) => start + before + reference);
      } else if (value.kind === 'all') {
        return { kind: 'none', reference, reason: 'is All, which fits no part of a text' };
      } else if (value.values.length === 0) {
        return { kind: 'none', reference, reason: 'has no value' };
      } else {
        texts = texts.flatMap((start) => value.values.map((part) => start + before + part));
      }
    }
    return { kind: 'texts', texts: texts.map((start) => start + text.slice(at)), unknown };
  };
}

function valuesOf(name: string, path: string, templateSrv: TemplateSrv, scopedVars: ScopedVars): Value {
  if (isAll(name, templateSrv, scopedVars)) {
    return { kind: 'all' };
  }
  const reference = `\${${name}${path}}`;
  let given: unknown;
  let isGiven = false;
  const text = templateSrv.replace(reference, scopedVars, (value: unknown) => {
    given = value;
    isGiven = true;
    return '';
  });
  if (!isGiven && text === reference) {
    return { kind: 'unknown' };
  }
  // Some of Grafana's own variables, such as `$__from`, are text that no format applies to.
  const values: unknown[] = isGiven ? [given].flat() : [text];
  return { kind: 'values', values: values.map(String).filter((value) => value !== '') };
}

/**
 * Whether "All" is chosen. Only the address tells: as a value "All" is the list of options, which may be cut, or a text
 * of the dashboard's author. Variables that are kept out of the address tell it by their name for it.
 */
function isAll(name: string, templateSrv: TemplateSrv, scopedVars: ScopedVars): boolean {
  const address = templateSrv.replace(`\${${name}:queryparam}`, scopedVars);
  if (address !== '') {
    return new URLSearchParams(address).getAll(`var-${name}`).includes(ALL_VALUE);
  }
  return templateSrv.replace(`\${${name}:text}`, scopedVars) === ALL_TEXT;
}
