import { MultiBar, type SingleBar } from 'cli-progress';
import type { Progress } from '../programs/progress.ts';

/** Shows fetches as bars on a terminal, and as a line at each begin and end elsewhere. */
export function showProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barProgress(stream) : lineProgress(stream);
}

function barProgress(stream: NodeJS.WriteStream): Progress {
  const format = '  {title} [{bar}] {percentage}% · {duration_formatted} · {note}';
  let bars: MultiBar | undefined;
  return {
    begin(title) {
      // Made at the first fetch, so that nothing is drawn when all is there.
      bars ??= new MultiBar({ format, stream, hideCursor: true, clearOnComplete: true, barsize: 24 });
      const bar: SingleBar = bars.create(1, 0, { title: `Fetching ${title}`.padEnd(20), note: '' });
      return {
        update: (fraction) => bar.update(fraction),
        note: (note) => bar.update(0, { note }),
        end() {
          bars?.remove(bar);
        },
      };
    },
    close() {
      bars?.stop();
      bars = undefined;
    },
  };
}

function lineProgress(stream: NodeJS.WriteStream): Progress {
  return {
    begin(title) {
      const began = Date.now();
      stream.write(`Fetching ${title} …\n`);
      return {
        update: () => undefined,
        note: (note) => void stream.write(`  ${title}: trying ${note}\n`),
        end: () => void stream.write(`  ${title}: ${((Date.now() - began) / 1000).toFixed(1)} s\n`),
      };
    },
    close: () => undefined,
  };
}
