import type { TimeRange } from '@grafana/data';
import type { ApiClient } from '../api/client';

/** Values in a list of completions; typing finds the others. */
const LIST_SIZE = 50;

/** Values of a dimension for completion, in the panel's range; none where they can't be had. */
export async function listCodeValues(
  {
    dimension,
    contains,
    shop,
    range,
  }: { dimension: string; contains: string; shop: string | undefined; range: TimeRange | undefined },
  api: Pick<ApiClient, 'dimensionValues'>,
): Promise<string[]> {
  if (!shop) {
    return [];
  }
  try {
    const { values } = await api.dimensionValues({
      ...{ dimension, shop, contains, limit: LIST_SIZE },
      ...(range ? { range: { from: range.from.valueOf(), to: range.to.valueOf() } } : {}),
    });
    return values;
  } catch {
    // A list that can't be had must not keep anyone from typing; running the query says what is wrong.
    return [];
  }
}
