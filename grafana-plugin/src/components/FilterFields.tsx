import { dimensionRules } from '../query/dimensionRules';
import { isOfTime, ownDimension } from '../query/ownDimension';
import { resolveQuery } from '../query/resolveQuery';
import type { BuilderProps } from './builderProps';
import { dimensionOptions } from './dimensionOptions';
import { FilterList } from './FilterList';
import { listFieldValues } from './listFieldValues';
import { listFilterValues } from './listFilterValues';
import { variableOptions } from './variableOptions';

/** Edits the filters of a query, with the values that there are in the panel's range under the other filters. */
export function FilterFields({ datasource, query, range, catalogState, onChange }: BuilderProps) {
  const { catalog } = catalogState;
  const { filters = [] } = query;
  const context = { ...datasource.resolveContext(), catalog };
  const { query: meant } = resolveQuery(query, context);
  const { areTogether, canExclude } = dimensionRules(meant, catalog);
  const dimensions = dimensionOptions(meant, catalog);
  const variables = variableOptions(datasource.templateSrv);
  const fits = (place: number, dimension: string) => {
    const { groupBy, thenBy } = meant;
    const others = { groupBy, thenBy, filters: filters.filter((_, at) => at !== place) };
    const taken = areTogether ? undefined : ownDimension(others, catalog)?.name;
    return taken === undefined || taken === dimension || isOfTime(dimension, catalog);
  };

  return (
    <FilterList
      filters={filters}
      canExclude={canExclude}
      dimensionsAt={(place) => [...dimensions.filter(({ value }) => fits(place, value)), ...variables]}
      listValuesAt={async (place, contains) => {
        const { dimension } = filters[place]!;
        const others = filters.filter((_, at) => at !== place);
        const { filters: meanwhile = [] } = resolveQuery({ ...query, filters: others }, context).query;
        const told = listFieldValues(query, dimension, contains, catalog);
        const values =
          told ??
          (await listFilterValues(
            {
              ...{ dimension, contains, shop: meant.shop ?? datasource.defaultShop },
              // Filters on other dimensions can't narrow values.
              filters: meanwhile.filter((other) => other.dimension === dimension),
              ...(range ? { range: { from: range.from.valueOf(), to: range.to.valueOf() } } : {}),
            },
            datasource.api,
          ));
        return [...values, ...variables.filter(({ value }) => value.includes(contains))];
      }}
      onChange={(changed) => onChange({ ...query, filters: changed })}
    />
  );
}
