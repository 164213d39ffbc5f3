/** What must stay in memory for a while, although nothing has changed it yet. */
export interface Pins {
  /** Holds these until the returned function is called; an id may be held several times over. */
  hold(ids: Iterable<string>): () => void;
  has(id: string): boolean;
}

/** No pins. */
export function createPins(): Pins {
  const holders = new Map<string, number>();
  return {
    hold: (ids) => {
      const held = [...ids];
      for (const id of held) holders.set(id, (holders.get(id) ?? 0) + 1);
      return () => {
        for (const id of held.splice(0)) {
          const others = holders.get(id)! - 1;
          if (others > 0) holders.set(id, others);
          else holders.delete(id);
        }
      };
    },
    has: (id) => holders.has(id),
  };
}
