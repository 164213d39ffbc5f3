/** Parts of an address that say which time is shown. */
const TIME = ['from', 'to', 'timezone'];

/**
 * Where a link leads, with what it takes along of the present address.
 * @param url may have a query of its own, which counts
 * @param search of the present address
 */
export function linkAddress(
  url: string,
  { keepTime = false, includeVars = false }: { keepTime?: boolean; includeVars?: boolean },
  search: string,
): string {
  const [path = '', own = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(own);
  const stated = new Set(parameters.keys());
  for (const [name, value] of new URLSearchParams(search)) {
    const isTaken = name.startsWith('var-') ? includeVars : keepTime && TIME.includes(name);
    if (isTaken && !stated.has(name)) parameters.append(name, value);
  }
  const query = parameters.toString();
  return query === '' ? path : `${path}?${query}`;
}
