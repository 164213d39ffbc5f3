/**
 * Whether the escapes of a JSON text make whole characters. Half a surrogate pair has no UTF-8: MongoDB would store
 * another id than the one that was counted, and not find it again.
 */
export function isWellEscaped(text: string): boolean {
  return text
    .replaceAll(/\\(?:u([0-9a-fA-F]{4})|.)/g, (_escape, hex?: string) =>
      hex === undefined ? ' ' : String.fromCharCode(Number.parseInt(hex, 16)),
    )
    .isWellFormed();
}
