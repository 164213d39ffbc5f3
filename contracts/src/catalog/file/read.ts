import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { SettingsError } from '../../settings.ts';
import { CatalogError } from '../catalog-error.ts';
import { type Catalog, catalog, defineCatalog, productDeclarations } from '../index.ts';
import { withFile } from './apply.ts';
import { type FileFault, faultsOfFile } from './faults.ts';
import { type CatalogFile, SOURCES } from './schema.ts';

/** Larger than any catalogue that people write. */
const MAX_BYTES = 1_000_000;

/**
 * The catalogue of the product with the metrics and dimensions of a file (YAML or JSON).
 * @param path undefined: the product's own catalogue
 * @throws {SettingsError} listing every fault of the file with its line
 */
export function openCatalog(path: string | undefined): Catalog {
  if (path === undefined) return catalog;
  return readCatalog(readText(path), path);
}

/** The same from the text of a file. @param name of the file, for messages */
export function readCatalog(text: string, name: string): Catalog {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const refuse = (faults: readonly { line?: number | undefined; message: string }[]): never => {
    const list = faults.map(
      ({ line, message }) => `  - ${line === undefined ? '' : `line ${line}: `}${message}`,
    );
    throw new SettingsError(`CATALOG_FILE ${name} is not usable:\n${list.join('\n')}`);
  };
  // Where the form of the text is broken, what follows is not to be relied on.
  const [broken] = document.errors;
  if (broken) refuse([{ line: broken.linePos?.[0].line, message: broken.message.split(' at line ')[0]! }]);
  const lineOf = (path: FileFault['path']): number | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
      if (node?.range) return lines.linePos(node.range[0]!).line;
    }
    return undefined;
  };
  const told = ({ path, message }: FileFault) => ({
    line: lineOf(path),
    message: path.length === 0 ? message : `${path.join('/')}: ${message}`,
  });
  const data: unknown = document.toJS();
  const faults = [...faultsOfFile(data)];
  if (faults.length > 0) refuse(faults.map(told));
  const file = data as CatalogFile;
  const strange = faultsOfSources(file);
  if (strange.length > 0) refuse(strange.map(told));
  try {
    return defineCatalog(withFile(productDeclarations, file));
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return refuse([{ line: lineOf(placeOf(error, file)), message: error.message }]);
  }
}

/** A closed list of names is told better than by a pattern of the schema. */
function faultsOfSources({ dimensions = [] }: CatalogFile): FileFault[] {
  return dimensions.flatMap(({ from }, i) =>
    Object.keys(from)
      .filter((source) => !SOURCES.has(source))
      .map((source) => ({
        path: ['dimensions', i, 'from', source],
        message: `there is no source ${source}; there are ${[...SOURCES.keys()].join(', ')}`,
      })),
  );
}

/** Where in the file the declaration is that the catalogue refuses. */
function placeOf(
  { at, message }: CatalogError,
  { metrics = [], dimensions = [] }: CatalogFile,
): FileFault['path'] {
  const indexOf = (items: readonly { name: string }[], name: string | undefined) =>
    items.findIndex((each) => each.name === name);
  if (at) {
    const [kind, name, ...within] = at;
    const path = within.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    if (kind === 'metric' && indexOf(metrics, name) >= 0) return ['metrics', indexOf(metrics, name), ...path];
    // A source's dimension: `source/order`, then `dimensions/coupon`.
    const dimension = indexOf(dimensions, within[1]);
    if (kind === 'source' && dimension >= 0)
      return ['dimensions', dimension, 'from', name!, ...path.slice(2)];
  }
  const named = (name: string) => new RegExp(`\\b${name}\\b`).test(message);
  const metric = metrics.findIndex(({ name }) => named(name));
  if (metric >= 0) return ['metrics', metric];
  const dimension = dimensions.findIndex(({ name }) => named(name));
  return dimension >= 0 ? ['dimensions', dimension] : [];
}

function readText(path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > MAX_BYTES)
      throw new SettingsError(`CATALOG_FILE ${path} has more than ${MAX_BYTES} bytes`);
    return text;
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    throw new SettingsError(`CATALOG_FILE ${path} can't be read: ${(error as Error).message}`);
  }
}
