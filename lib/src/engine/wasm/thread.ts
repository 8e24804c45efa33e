/** What each thread runs, as text: it has to start from nothing, in Node and in browsers. */

/** Places in the control array; then two for each thread: whether it is ready, and its kernel (−1: none). */
export const GENERATION = 0;
export const PENDING = 1;
export const FAILED = 2;
export const STOP = 3;
export const THREADS = 4;
/** Arguments of one thread's kernel. */
export const MOST_ARGUMENTS = 24;

/**
 * A thread waits until the generation moves on, runs its kernel where it has one, and counts itself off. A kernel's part is a call
 * with other addresses; nothing is shared that two threads write.
 */
export const threadSource = `
const start = ({ module, memory, control, args, names, id }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort() {} } });
  const kernels = names.map((name) => exports[name]);
  const own = ${THREADS} + 2 * id;
  let seen = Atomics.load(control, ${GENERATION});
  Atomics.store(control, own, 1);
  for (;;) {
    Atomics.wait(control, ${GENERATION}, seen);
    seen = Atomics.load(control, ${GENERATION});
    if (Atomics.load(control, ${STOP}) === 1) return;
    const kernel = Atomics.load(control, own + 1);
    if (kernel < 0) continue;
    try {
      kernels[kernel](...args.subarray(id * ${MOST_ARGUMENTS}, (id + 1) * ${MOST_ARGUMENTS}));
    } catch {
      Atomics.store(control, ${FAILED}, 1);
    }
    Atomics.sub(control, ${PENDING}, 1);
    Atomics.notify(control, ${PENDING});
  }
};
if (typeof require === "function") start(require("node:worker_threads").workerData);
else self.onmessage = ({ data }) => start(data);
`;
