import type { LakeType } from './columns.ts';
import { type Duck, quoted } from './duck.ts';

/** How files are compressed: a quarter of snappy's size on events, and as quick to read. */
export const PARQUET_OPTIONS = 'FORMAT parquet, COMPRESSION zstd';

/** Columns that are the same for a whole file, or follow from others: lines do not hold them. */
const constant = (
  name: string,
  topic: string,
  partition: number | undefined,
  type: string,
): string | undefined => {
  switch (name) {
    case 'topic':
      return quoted(topic);
    case 'partition':
      return partition === undefined ? undefined : String(partition);
    case 'event_type':
      return quoted(type);
    case 'occurred':
      return 'make_timestamp(occurred_at * 1000)';
    default:
      return undefined;
  }
};

/**
 * Writes a file of lines, as `createRowWriter` makes them, as one Parquet file in the order of its lines.
 * @param options.partition of all lines; undefined: each tells its own
 * @param options.rows the file of lines
 * @param options.file where the Parquet file goes; its folder must be there
 * @param options.where of which lines rows are made, in SQL. @default of all
 * @throws DuckDB's error when a line does not fit the columns
 */
export async function writeParquet(
  duck: Duck,
  {
    lakeType,
    topic,
    partition,
    rows,
    file,
    where = 'TRUE',
  }: {
    lakeType: LakeType;
    topic: string;
    partition: number | undefined;
    rows: string;
    file: string;
    where?: string;
  },
): Promise<void> {
  const { type, columns } = lakeType;
  const read = columns
    .filter(({ name }) => constant(name, topic, partition, type) === undefined)
    .map((column) => `"${column.name}": ${quoted(column.type)}`);
  const selected = columns.map(({ name, type: duckType }) => {
    const value = constant(name, topic, partition, type);
    return value === undefined ? `"${name}"` : `${value}::${duckType} AS "${name}"`;
  });
  await duck.run(
    `COPY (SELECT ${selected.join(', ')} FROM read_json(${quoted(rows)}, format = 'newline_delimited', columns = {${read.join(', ')}}) WHERE ${where})
     TO ${quoted(file)} (${PARQUET_OPTIONS})`,
  );
}
