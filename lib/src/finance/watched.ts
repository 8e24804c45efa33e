/** What a payoff reads. */

/** The same object, telling of its own keys that are read. */
export const watched = <T extends object>(of: T, onRead: (key: string) => void): T =>
  new Proxy(of, {
    get(target, key, receiver): unknown {
      if (typeof key === "string" && Object.hasOwn(target, key)) onRead(key);
      return Reflect.get(target, key, receiver);
    },
  });
