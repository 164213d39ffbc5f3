/**
 * Makes one call of all that are asked for while the one before runs, or in the same turn: with hundreds of tasks that are claimed
 * at the same time, a request costs about as much for all of them as for one.
 * @param act does it for some; where it fails, all of them fail
 */
export function gatherCalls<T>(act: (all: readonly T[]) => Promise<void>): (one: T) => Promise<void> {
  let next: { readonly all: T[]; readonly done: Promise<void> } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const begin = async (all: readonly T[], before: Promise<unknown>): Promise<void> => {
    await before;
    await new Promise(setImmediate);
    next = undefined;
    await act(all);
  };
  return (one) => {
    if (next) next.all.push(one);
    else {
      const all = [one];
      next = { all, done: begin(all, last) };
      last = next.done.catch(() => undefined);
    }
    return next.done;
  };
}
