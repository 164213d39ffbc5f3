import { KEPT_EVENTS, type KeptEvent, type Shop, toCurrencyUnits } from '@storepulse/contracts';

/** Makes a stored fact the event that it is of: amounts in whole currency units, personal fields for who may see them. */
export function presentEvent(
  stored: Readonly<Record<string, unknown>>,
  { scale }: Pick<Shop, 'scale'>,
  seesPersonal: boolean,
): Record<string, unknown> {
  const kept = KEPT_EVENTS.get(stored.type as string)!;
  const fields = kept.fields.filter(
    (name) => stored[name] !== undefined && (seesPersonal || !kept.personal.has(name)),
  );
  return Object.fromEntries(fields.map((name) => [name, readable(stored[name], name, kept, scale)]));
}

function readable(value: unknown, path: string, kept: KeptEvent, scale: number): unknown {
  if (typeof value === 'number' && kept.money.has(path)) return toCurrencyUnits(value, scale);
  if (Array.isArray(value)) return value.map((each) => readable(each, path, kept, scale));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, readable(each, `${path}.${name}`, kept, scale)]),
  );
}
