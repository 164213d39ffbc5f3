/** Starts something at its first call, and returns the same at every further one. */
export interface Starter<T> {
  (): Promise<T>;
  /** What was started; undefined when nothing was. */
  readonly started: Promise<T> | undefined;
}

/** A starter whose thing ends with the stack. */
export function startOnce<T extends AsyncDisposable>(
  stack: AsyncDisposableStack,
  start: () => Promise<T>,
): Starter<T> {
  let started: Promise<T> | undefined;
  const starter = () => {
    started ??= start().then((thing) => stack.use(thing));
    return started;
  };
  return Object.defineProperty(starter, 'started', { get: () => started }) as Starter<T>;
}
