/** One Ctrl-C may reach a process twice: from the terminal and through the processes above it. */
const SAME_REQUEST_MS = 500;

/** What to do when the user asks to stop. */
export interface StopRequestListener {
  first(): void;
  /** Asked again: the user does not want to wait. */
  again(): void;
}

/** Listens to Ctrl-C, `kill` and a closed terminal. */
export function onStopRequest(listener: StopRequestListener): void {
  let firstAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (firstAt === undefined) {
        firstAt = Date.now();
        listener.first();
      } else if (Date.now() - firstAt > SAME_REQUEST_MS) {
        listener.again();
      }
    });
  }
}
