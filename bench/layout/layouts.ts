/** The measures of one cell, as numbers: what a dozen sales metrics come to. */
export type Cell = Readonly<Record<string, number>>;

/** One hour of a shop: dimension → value → cell. */
export type Hour = {
  readonly start: Date;
  readonly dimensions: Readonly<Record<string, Readonly<Record<string, Cell>>>>;
};

/** A way to lay the cells of a window out in documents. */
export interface Layout {
  readonly name: string;
  /** The documents of one hour. */
  documents(hour: Hour): Record<string, unknown>[];
  /** What a query for one dimension over a range asks for. */
  find(
    dimension: string,
    from: Date,
    to: Date,
  ): { filter: Record<string, unknown>; projection: Record<string, 1> };
  /** The value and cell pairs of one dimension in a document that was found. */
  cells(document: Record<string, unknown>, dimension: string): [string, Cell][];
  readonly index: Record<string, 1>;
}

/** One document per window, dimension and value. */
export const perCell: Layout = {
  name: 'one document per cell',
  documents: ({ start, dimensions }) =>
    Object.entries(dimensions).flatMap(([dimension, values]) =>
      Object.entries(values).map(([value, cell]) => ({
        _id: `s|${dimension}|${value}|${start.getTime()}`,
        dimension,
        value,
        start,
        ...cell,
      })),
    ),
  find: (dimension, from, to) => ({
    filter: { dimension, start: { $gte: from, $lt: to } },
    projection: { value: 1, gross_sales: 1, start: 1 },
  }),
  cells: ({ value, gross_sales }) => [[String(value), { gross_sales: Number(gross_sales) }]],
  index: { dimension: 1, start: 1 },
};

/** One document per window and dimension, its values inside. */
export const perDimension: Layout = {
  name: 'one document per window and dimension',
  documents: ({ start, dimensions }) =>
    Object.entries(dimensions).map(([dimension, cells]) => ({
      _id: `s|${dimension}|${start.getTime()}`,
      dimension,
      start,
      cells,
    })),
  find: (dimension, from, to) => ({
    filter: { dimension, start: { $gte: from, $lt: to } },
    projection: { cells: 1, start: 1 },
  }),
  cells: ({ cells }) => Object.entries(cells as Record<string, Cell>),
  index: { dimension: 1, start: 1 },
};

/** One document per window, its narrow dimensions inside; what the product does. */
export const perWindow: Layout = {
  name: 'one document per window, narrow dimensions inside',
  documents: ({ start, dimensions }) => [
    { _id: `s|narrow|${start.getTime()}`, part: 'narrow', start, cells: dimensions },
  ],
  find: (dimension, from, to) => ({
    filter: { part: 'narrow', start: { $gte: from, $lt: to } },
    projection: { [`cells.${dimension}`]: 1, start: 1 },
  }),
  cells: ({ cells }, dimension) =>
    Object.entries((cells as Record<string, Record<string, Cell>>)[dimension] ?? {}),
  index: { part: 1, start: 1 },
};
