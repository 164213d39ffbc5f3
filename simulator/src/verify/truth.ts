import type { Resolution } from '@storepulse/contracts';
import { type Book, emptyBook, mergeBooks } from '../ledger/book.ts';
import { type PlainBook, parseBook } from '../ledger/plain-book.ts';
import { type LocalDate, WINDOW_MS, windowKey } from './window-keys.ts';

/** A window of the ledger; its book is read when it is needed, since all of them together may be large. */
export interface LedgerPart {
  readonly start: number;
  readonly length: number;
  /** JSON with a book in it, or what that JSON stands for. */
  readonly content: Buffer | PlainBook;
}

/** What must be in one window of some resolution. */
export interface TrueWindow {
  /** Its name; see `windowKey`. */
  readonly key: string;
  /** The earliest instant in it that the ledger knows of, epoch ms. */
  readonly start: number;
  readonly book: Book;
}

/** Puts the parts of a ledger into the order of time, as `trueWindows` wants them. */
export function inOrder(parts: readonly LedgerPart[]): LedgerPart[] {
  return [...parts].sort((a, b) => a.start - b.start);
}

/**
 * Folds a shop's ledger into the windows of a resolution, in the order of time.
 * @param parts in the order of time
 * @param from windows that begin earlier are left out
 */
export function* trueWindows(
  parts: readonly LedgerPart[],
  resolution: Resolution,
  dateOf: LocalDate,
  from: number,
): Generator<TrueWindow> {
  const finest = resolution in WINDOW_MS ? WINDOW_MS[resolution as keyof typeof WINDOW_MS] : Infinity;
  let window: TrueWindow | undefined;
  for (const part of parts) {
    if (part.start < from || part.length > finest) continue;
    const key = windowKey(resolution, part.start, dateOf);
    if (window && window.key !== key) {
      yield window;
      window = undefined;
    }
    window ??= { key, start: part.start, book: emptyBook() };
    mergeBooks(window.book, bookOf(part));
  }
  if (window) yield window;
}

function bookOf({ content }: LedgerPart): Book {
  return parseBook(Buffer.isBuffer(content) ? (JSON.parse(content.toString()) as PlainBook) : content);
}
