import pc from 'picocolors';
import type { StackReport } from '../parts/keep-up.ts';

/** Writes lines, and on a terminal keeps one live line below them. */
export interface Terminal extends StackReport {
  colors: ReturnType<typeof pc.createColors>;
  /** Writes text above the live line. */
  print(text: string): void;
  /** Shows this as the live line, an empty text removes it; nothing happens where there is no terminal. */
  live(text: string): void;
}

/** A terminal, or what stands in its place: colours and the live line only where they can be seen. */
export function createTerminal(stream: NodeJS.WriteStream): Terminal {
  const isTerminal = stream.isTTY === true;
  const colors = pc.createColors(isTerminal && pc.isColorSupported);
  let shown = '';
  const erase = () => shown !== '' && stream.write('\r\u001b[K');
  function print(text: string): void {
    erase();
    stream.write(`${text}\n`);
    if (shown !== '') stream.write(shown);
  }
  return {
    colors,
    print,
    live(text) {
      if (!isTerminal) return;
      erase();
      // A line that wraps could not be erased.
      shown = text === '' ? '' : colors.dim(text.slice(0, Math.max(0, stream.columns - 1)));
      stream.write(shown);
    },
    done: (what, seconds) =>
      print(`  ${colors.green('✓')} ${what}  ${colors.dim(`${seconds.toFixed(1)} s`)}`),
    note: (text) => print(`  ${colors.yellow('•')} ${text}`),
    warn: (text) => print(`  ${colors.red('✗')} ${text}`),
  };
}
