/** `$name`, `[[name:format]]`, `${name.path:format}`, as Grafana writes references to variables. */
export const REFERENCE = /\$(\w+)|\[\[(\w+)(?::\w+)?\]\]|\$\{(\w+)([^:}]*)(?::[^}]+)?\}/g;

/** Whether a text refers to a variable. */
export function hasVariable(text: string): boolean {
  return text.search(REFERENCE) >= 0;
}

/** The name of the first variable that a text refers to; undefined when it refers to none. */
export function firstVariable(text: string): string | undefined {
  const [match] = text.matchAll(REFERENCE);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}
