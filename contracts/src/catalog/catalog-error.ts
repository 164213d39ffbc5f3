/** Thrown for a catalogue that contradicts itself: a mistake in its declarations. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
}
