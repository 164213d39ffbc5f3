import { anyName } from './dimensions.ts';
import type { DimensionSpec } from './model.ts';

/** A dimension that no window is kept by. */
export interface DepthDimension extends DimensionSpec {
  /**
   * `product`: products tell it, as they are told now, of all that is counted by product. `order`: a field of this name does, of orders,
   * their edits and refunds.
   */
  readonly toldBy: 'product' | 'order';
}

/** Dimensions that no window is kept by: the lake's rows tell them. */
export const depthDimensions: ReadonlyMap<string, DepthDimension> = new Map(
  (
    [
      {
        name: 'supplier',
        title: 'Supplier',
        synonyms: ['vendor', 'distributor'],
        description: 'Supplier of the product, as it is told now; read from the lake',
        domain: anyName(120),
        toldBy: 'product',
      },
      {
        name: 'brand',
        title: 'Brand',
        synonyms: ['make', 'manufacturer', 'label'],
        description: 'Brand of the product, as it is told now; read from the lake',
        domain: anyName(80),
        toldBy: 'product',
      },
      {
        name: 'coupon',
        title: 'Coupon',
        synonyms: ['voucher', 'discount code', 'promotion'],
        description: 'Code that the order was bought with; `unknown`: with none. Read from the lake',
        domain: anyName(80),
        toldBy: 'order',
      },
    ] satisfies DepthDimension[]
  ).map((dimension) => [dimension.name, dimension]),
);
