import { Type } from 'typebox';

/** A closed list of texts; a union of literals made by `map` would lose them as types. */
export const literals = <const T extends readonly string[]>(
  values: T,
  options: { description?: string } = {},
) => Type.Unsafe<T[number]>(Type.Enum([...values], options));
