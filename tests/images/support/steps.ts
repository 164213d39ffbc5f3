import { createTerminal } from '@storepulse/local/screen/terminal';

/** Does something; says that it is done and how long it took, or what failed. */
export type Step = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** Steps that are told on a terminal, one line each. */
export function createSteps(stream: NodeJS.WriteStream): Step {
  const { done, warn } = createTerminal(stream);
  return async (what, work) => {
    const began = performance.now();
    try {
      const result = await work();
      done(what, (performance.now() - began) / 1_000);
      return result;
    } catch (error) {
      warn(what);
      throw error;
    }
  };
}
