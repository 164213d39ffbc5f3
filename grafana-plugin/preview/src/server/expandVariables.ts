/** Values of variables in provisioning files, by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `$NAME` and `${NAME}` as Grafana does in its provisioning files: `$$` is a literal dollar, a variable that
 * is not set becomes empty.
 */
export function expandVariables(text: string, variables: Variables): string {
  return text.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_match, dollar, braced, bare) =>
    dollar ? '$' : (variables[braced ?? bare] ?? ''),
  );
}
