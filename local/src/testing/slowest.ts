/** How long a test file took. */
export interface FileTime {
  /** Its path, from the root of the checkout. */
  readonly file: string;
  readonly ms: number;
}

/** Lines that show the files that took longest, longest first. @param most so many. @default 10 */
export function slowestLines(times: readonly FileTime[], most = 10): string[] {
  return times
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, most)
    .map(({ file, ms }) => `${(ms / 1_000).toFixed(1).padStart(7)} s  ${file}`);
}
