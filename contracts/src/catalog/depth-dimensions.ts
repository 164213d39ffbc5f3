import { anyName } from './dimensions.ts';
import type { DimensionSpec } from './model.ts';

/**
 * Dimensions that no window is kept by: the lake's rows tell them, of every metric that is counted by product. A product is taken as
 * it is told now, also for what was sold before.
 */
export const depthDimensions: ReadonlyMap<string, DimensionSpec> = new Map(
  [
    {
      name: 'supplier',
      title: 'Supplier',
      synonyms: ['vendor', 'brand', 'manufacturer'],
      description: 'Supplier of the product, as it is told now; read from the lake',
      domain: anyName(120),
    },
  ].map((dimension) => [dimension.name, dimension]),
);
