/** Marks what an attack brings along: nothing of ours is called so. */
export const MARK = 'c4n4ry';

/**
 * What tries to be an operator of MongoDB, code, a path or a prototype, with the mark in it. `n` tells one from another, so
 * that none is answered from what is kept of an earlier one.
 */
export function operatorsWith(n: number): readonly unknown[] {
  const mark = `${MARK}${n}`;
  return [
    { $ne: mark },
    { $gt: mark },
    { $in: [mark] },
    { $nin: [mark] },
    { $regex: mark },
    { $where: `this.x == "${mark}"` },
    { $expr: { $eq: ['$shop', mark] } },
    { $function: { body: `function () { return "${mark}"; }`, args: [], lang: 'js' } },
    { $or: [{ shop: mark }, {}] },
    [{ $ne: mark }],
    JSON.parse(`{"__proto__":{"${mark}":true}}`),
    JSON.stringify({ $ne: mark }),
    JSON.stringify({ $where: `"${mark}"` }),
    `$where: "${mark}"`,
    `$${mark}`,
    `$$ROOT.${mark}`,
    `'; return "${mark}"; //`,
    `a.$[].${mark}`,
    `${mark}\u0000`,
    `.*${mark}`,
    `[$ne]=${mark}`,
  ];
}

/** Operators that run code: we use none. */
const CODE = new Set(['$where', '$function', '$accumulator']);

/**
 * What an attack has got into a command, in words; nothing, when all of it is still text. A mark that stands alone was
 * brought as the value of an operator, and has become one; a `$` before it would be read as a field.
 */
export function operatorsIn(command: unknown, path = ''): readonly string[] {
  if (typeof command === 'string') {
    const isValue = new RegExp(`^${MARK}\\d+$`).test(command);
    const isField = /^\$/.test(command) && command.includes(MARK) && !isCompared(path);
    return isValue || isField ? [`${path}: ${command}`] : [];
  }
  if (typeof command !== 'object' || command === null) return [];
  return Object.entries(command).flatMap(([key, value]) => {
    const here = `${path}/${key}`;
    const isKey = CODE.has(key) || (key.includes(MARK) && !isFieldOfCells(key));
    return [...(isKey ? [`${here}: as a key`] : []), ...operatorsIn(value, here)];
  });
}

/** Cells have the values of dimensions as names, escaped: without a dot of their own, and no `$` at their begin. */
const isFieldOfCells = (path: string): boolean =>
  path.startsWith('cells.') &&
  path.split('.').length <= 4 &&
  !path.split('.').some((name) => name.startsWith('$'));

/** Within a filter a text is compared as it is; within an expression a `$` before it names a field. */
const isCompared = (path: string): boolean =>
  /^\/(filter|query|q)\b|\/\$match\b/.test(path) && !path.includes('/$expr');
