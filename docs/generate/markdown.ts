/** A Markdown table; cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Text set as code, or nothing for nothing. */
export const code = (text: string) => (text === '' ? '' : `\`${text}\``);

/** A page that says where it comes from. */
export function page(title: string, source: string, ...parts: string[]): string {
  return `# ${title}\n\n<!-- Made by \`npm run docs\` from ${source}; do not edit. -->\n\n${parts.join('\n\n')}\n`;
}
