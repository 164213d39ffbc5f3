/** Of Grafana's `ScopedVars`, what is read here. */
type Known = Readonly<Record<string, { value?: unknown } | undefined>>;

/** Of Grafana's `DataContextScopedVar`, what is read here: the value that a link stands at. */
interface Context {
  field?: { name: string; values: ArrayLike<unknown>; display?: (value: unknown) => { text: string } };
  rowIndex?: number;
  calculatedValue?: { numeric: number };
}

const REFERENCE = /\$\{([\w.]+)(?::\w+)?\}|\$(\w+)/g;

/**
 * Replaces in a text what the text's own place knows: `${__value.raw}` and the like of the value that a link stands at, and
 * variables that a request carries, such as `$__interval`. What is not known stays as it is.
 */
export function replaceReferences(text: string, scopedVars: Known = {}): string {
  return text.replace(REFERENCE, (reference, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare ?? '';
    const known = valueReference(name, scopedVars) ?? scopedVars[name]?.value;
    return known === undefined || known === null ? reference : String(known);
  });
}

function valueReference(name: string, scopedVars: Known): unknown {
  const context = scopedVars.__dataContext?.value as Context | undefined;
  const field = context?.field;
  if (!context || !field) return undefined;
  const value =
    context.rowIndex === undefined ? context.calculatedValue?.numeric : field.values[context.rowIndex];
  if (name === '__value.raw') return value;
  if (name === '__value.numeric') return Number(value);
  if (name === '__value.text' || name === '__value') return field.display?.(value).text ?? value;
  return name === '__field.name' ? field.name : undefined;
}
