/** One thing after the other: kernels, readings and givings back of one GPU, in the order in which they were asked for. */

export interface Queue {
  /** @returns what the task gives; a task that fails does not stop the next one */
  add<T>(task: () => T | Promise<T>): Promise<T>;
}

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    add<T>(task: () => T | Promise<T>): Promise<T> {
      const own = last.then(task);
      last = own.catch(() => {});
      return own;
    },
  };
}
