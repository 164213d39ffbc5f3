import type { DataSourceSettings } from '@grafana/data';
import type { StorepulseOptions, StorepulseSecrets } from '../types';

/** A data source's settings, as far as headers are among them. */
export type HeaderSettings = Pick<
  DataSourceSettings<StorepulseOptions, StorepulseSecrets>,
  'jsonData' | 'secureJsonData' | 'secureJsonFields'
>;

/** A header that Grafana's server adds to each request. */
export interface CustomHeader {
  name: string;
  /** Whether Grafana's server keeps a value of it. */
  configured: boolean;
  /** The value, as long as it has not been saved. */
  value: string;
}

interface PlacedHeader extends CustomHeader {
  /** From 1: the value of header 2 is kept as `httpHeaderValue2`. */
  place: number;
}

const NAME = /^httpHeaderName(\d+)$/;
const VALUE = /^httpHeaderValue(\d+)$/;

/** The custom headers of a data source, in their order. */
export function readHeaders({ jsonData, secureJsonData, secureJsonFields }: HeaderSettings): CustomHeader[] {
  return placedHeaders({ jsonData, secureJsonData, secureJsonFields }).map(
    ({ place: _, ...header }) => header,
  );
}

/**
 * Settings with other headers. Grafana's server reads the places 1, 2, 3 … up to the first without a name, and the
 * browser does not know the values that are kept. So a kept value stays at its place; where one is removed, the last
 * header moves there, and its value has to be entered again: a value must never go out under another header's name.
 */
export function writeHeaders<S extends HeaderSettings>(settings: S, headers: readonly CustomHeader[]): S {
  const placed = fillHoles(placeHeaders(headers, placedHeaders(settings)));
  const jsonData: StorepulseOptions = without(settings.jsonData, NAME);
  const secureJsonData: Record<string, string> = without(settings.secureJsonData ?? {}, VALUE);
  const secureJsonFields: Record<string, boolean> = without(settings.secureJsonFields ?? {}, VALUE);
  // What was kept and is kept no more is emptied; Grafana keeps what is not named.
  for (const { place, configured } of placedHeaders(settings)) {
    if (configured) {
      secureJsonData[`httpHeaderValue${place}`] = '';
      secureJsonFields[`httpHeaderValue${place}`] = false;
    }
  }
  for (const { place, name, configured, value } of placed) {
    jsonData[`httpHeaderName${place}`] = name;
    if (configured) {
      delete secureJsonData[`httpHeaderValue${place}`];
      secureJsonFields[`httpHeaderValue${place}`] = true;
    } else {
      secureJsonData[`httpHeaderValue${place}`] = value;
    }
  }
  return { ...settings, jsonData, secureJsonData, secureJsonFields };
}

function placedHeaders({
  jsonData,
  secureJsonData = {},
  secureJsonFields = {},
}: HeaderSettings): PlacedHeader[] {
  return Object.keys(jsonData)
    .flatMap((key) => NAME.exec(key)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .map((place) => ({
      place,
      name: jsonData[`httpHeaderName${place}`] ?? '',
      configured: secureJsonFields[`httpHeaderValue${place}`] ?? false,
      value: secureJsonData[`httpHeaderValue${place}`] ?? '',
    }));
}

/** Gives each header a place: a kept value that of its name, or else, renamed, the next one that no header claims. */
function placeHeaders(headers: readonly CustomHeader[], before: readonly PlacedHeader[]): PlacedHeader[] {
  const kept = before.filter(({ configured }) => configured);
  const take = (name?: string): number | undefined => {
    const at = kept.findIndex((header) => name === undefined || header.name === name);
    return at < 0 ? undefined : kept.splice(at, 1)[0]!.place;
  };
  const byName = headers.map((header) => (header.configured ? take(header.name) : undefined));
  const renamed = headers.map((header, at) => byName[at] ?? (header.configured ? take() : undefined));
  const taken = new Set(renamed);
  let free = 0;
  return headers.map((header, at) => {
    const place = renamed[at];
    if (place !== undefined) {
      return { ...header, place };
    }
    do {
      free++;
    } while (taken.has(free));
    // A value that nobody keeps can't be claimed.
    return { ...header, configured: false, place: free };
  });
}

/** Moves the last header into each place that is left empty before it. */
function fillHoles(headers: readonly PlacedHeader[]): PlacedHeader[] {
  const placed = [...headers].sort((a, b) => a.place - b.place);
  const hole = placed.findIndex(({ place }, at) => place !== at + 1);
  if (hole < 0) {
    return placed;
  }
  const last = placed.at(-1)!;
  return fillHoles([...placed.slice(0, -1), { ...last, configured: false, place: hole + 1 }]);
}

function without(record: object, key: RegExp) {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !key.test(name)));
}
