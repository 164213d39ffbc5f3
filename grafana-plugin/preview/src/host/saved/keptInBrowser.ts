/** Where a browser keeps texts: `localStorage`, or something like it. */
export interface Keeper {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
  removeItem(key: string): void;
}

const browsersOwn = () => (globalThis as unknown as { localStorage: Keeper }).localStorage;

/** Something that this browser keeps, under one name. */
export interface Kept<T> {
  /** What is kept; what can't be read, of another version for instance, counts as not there. */
  read(): T;
  /** @throws {Error} saying so, where the browser keeps nothing (its storage is full or forbidden) */
  write(value: T): void;
  forget(): void;
}

/** Nothing leaves the browser: what is kept here is there in this browser alone, until its data is cleared. */
export function keptInBrowser<T>(
  name: string,
  empty: T,
  isFit: (value: unknown) => boolean,
  keeper: () => Keeper = browsersOwn,
): Kept<T> {
  const key = `storepulse.preview.${name}`;
  return {
    read() {
      try {
        const value: unknown = JSON.parse(keeper().getItem(key) ?? '');
        return isFit(value) ? (value as T) : empty;
      } catch {
        return empty;
      }
    },
    write(value) {
      try {
        keeper().setItem(key, JSON.stringify(value));
      } catch (error) {
        throw new Error(
          `This browser keeps nothing: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    },
    forget() {
      try {
        keeper().removeItem(key);
      } catch {
        // Nothing was kept.
      }
    },
  };
}
