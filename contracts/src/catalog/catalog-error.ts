/** Thrown for a catalogue that contradicts itself: a mistake in its declarations. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
  /** Which declaration is at fault, and where in it: `metric`, its name, `of`, `add`, `0`. Undefined: the message names it. */
  readonly at: readonly string[] | undefined;

  constructor(message: string, at?: readonly string[]) {
    super(message);
    this.at = at;
  }
}
