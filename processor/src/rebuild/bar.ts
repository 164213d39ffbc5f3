import { SingleBar } from 'cli-progress';
import type { RebuildProgress } from './progress.ts';

/** Shows how far a rebuild is. */
export interface ProgressDisplay {
  update(progress: RebuildProgress): void;
  stop(): void;
}

/** A bar on a terminal, else a line at every tenth of the way. */
export function createProgressDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? bar(stream) : lines((line) => stream.write(`${line}\n`));
}

function bar(stream: NodeJS.WriteStream): ProgressDisplay {
  const format = '{bar} {percentage} % · {value} of {total} records · {eta_formatted} left';
  const shown = new SingleBar({ stream, format, barCompleteChar: '█', barIncompleteChar: '░', barsize: 30 });
  let started = false;
  return {
    update: ({ done, total }) => {
      if (!started) shown.start(total, 0);
      started = true;
      shown.update(done);
    },
    stop: () => {
      if (started) shown.stop();
    },
  };
}

function lines(write: (line: string) => void): ProgressDisplay {
  let shown = -1;
  return {
    update: ({ done, total }) => {
      const tenth = total === 0 ? 10 : Math.floor((done / total) * 10);
      if (tenth === shown) return;
      shown = tenth;
      write(`${tenth * 10} % · ${done} of ${total} records`);
    },
    stop: () => undefined,
  };
}
