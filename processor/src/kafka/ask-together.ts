/**
 * Makes one question of all that are the same and asked in one turn; each is answered by what was found out after it. With many
 * partitions all tasks are claimed at the same time, and each asks for the bounds of its topics, of which one answer has all.
 * @param ask answers for some keys, such as names of topics
 */
export function askTogether<Key, Answer>(
  ask: (keys: readonly Key[]) => Promise<Answer>,
): (keys: readonly Key[]) => Promise<Answer> {
  const waiting = new Map<string, Promise<Answer>>();
  return (keys) => {
    const name = keys.join();
    const asked = waiting.get(name);
    if (asked) return asked;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    waiting.set(name, promise);
    setImmediate(() => {
      waiting.delete(name);
      resolve(ask(keys));
    });
    return promise;
  };
}
