/** Begins a part of the report of `npm test`. */
export function heading(title: string): void {
  console.log(`\n── ${title} ──`);
}
