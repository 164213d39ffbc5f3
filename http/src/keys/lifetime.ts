const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads how long something lasts, such as `10m`, `12h` or `90d`, in ms; undefined: it is no such text. */
export function readLifetime(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS];
}
