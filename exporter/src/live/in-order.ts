import type { StoredPlace } from './place.ts';

/** Whether one place lies behind another of another source. */
function isBehind(a: StoredPlace, b: StoredPlace, direction: 1 | -1): boolean {
  return direction * (a.time - b.time || a.source - b.source) > 0;
}

/**
 * Merges the lists of several sources, each in order, to one by time and then source, reading no further ahead than one of each.
 * @param direction −1: the latest first
 */
export async function* inOrder<T extends { readonly place: StoredPlace }>(
  lists: readonly AsyncIterable<T>[],
  direction: 1 | -1 = 1,
): AsyncGenerator<T> {
  const iterators = lists.map((list) => list[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    for (;;) {
      let least = -1;
      heads.forEach((head, i) => {
        if (head.done) return;
        const best = heads[least];
        if (!best || best.done || isBehind(best.value.place, head.value.place, direction)) least = i;
      });
      if (least < 0) return;
      yield heads[least]!.value as T;
      heads[least] = await iterators[least]!.next();
    }
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.()));
  }
}
