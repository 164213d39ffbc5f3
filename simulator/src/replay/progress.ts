import { SingleBar } from 'cli-progress';

/** Shows how far a long job is. */
export interface Progress {
  update(done: number, total: number): void;
  /** Says why it does not go on at present. */
  note(text: string): void;
  /** Ends the display, leaving what it showed. */
  stop(): void;
}

/** A bar on a terminal, else a plain line at every tenth of the way. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barProgress(stream) : lineProgress((line) => stream.write(`${line}\n`));
}

function barProgress(stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({
    stream,
    format: '{bar} {percentage} % · {value} of {total} rows · {eta_formatted} left{note}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
  });
  let started = false;
  return {
    update: (done, total) => {
      if (!started) bar.start(total, 0, { note: '' });
      started = true;
      bar.update(done, { note: '' });
    },
    note: (text) => {
      if (started) bar.update({ note: ` · ${text}` });
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
}

/** Writes a line at every tenth of the way. */
export function lineProgress(write: (line: string) => void): Progress {
  let shown = 0;
  let noted = '';
  return {
    update: (done, total) => {
      const tenth = Math.floor((done / total) * 10);
      if (tenth === shown) return;
      shown = tenth;
      write(`${tenth * 10} % · ${done} of ${total} rows`);
    },
    note: (text) => {
      // Waiting for the same again and again is told once.
      if (text !== noted) write(text);
      noted = text;
    },
    stop: () => {},
  };
}
