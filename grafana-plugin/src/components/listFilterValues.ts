import type { ComboboxOption } from '@grafana/ui';
import type { ApiClient, DimensionValuesRequest } from '../api/client';
import { describeFailure } from '../api/describeFailure';

/** Values in a menu; typing finds the others. */
const MENU_SIZE = 100;

/** A line of the menu that can't be chosen. */
const remark = (label: string): ComboboxOption<string> => ({ value: '', label, infoOption: true });

/** Options for the values of a filter; where there are none, or too many, the menu says why. */
export async function listFilterValues(
  request: Omit<DimensionValuesRequest, 'shop' | 'limit'> & { shop: string | undefined },
  api: Pick<ApiClient, 'dimensionValues'>,
): Promise<Array<ComboboxOption<string>>> {
  const { shop } = request;
  if (!shop) {
    return [remark('Choose a shop to see its values')];
  }
  try {
    const { values, total = values.length } = await api.dimensionValues({
      ...request,
      shop,
      limit: MENU_SIZE,
    });
    const options = values.map((value) => ({ value, label: value }));
    const left = total - values.length;
    return left > 0
      ? [...options, remark(`${left.toLocaleString('en')} more: type a part of the value`)]
      : options;
  } catch (error) {
    return [remark(describeFailure(error))];
  }
}
