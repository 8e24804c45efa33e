/** What a payoff reads. */

/** The same object, telling of the keys that are read of it. */
export const watched = <T extends object>(of: T, onRead: (key: string) => void): T =>
  new Proxy(of, {
    get(target, key, receiver): unknown {
      if (typeof key === "string") onRead(key);
      return Reflect.get(target, key, receiver);
    },
  });
