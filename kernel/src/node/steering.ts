/** The memory by which the I/O thread steers a computation of the main thread, which looks at it between two iterations. */
import type { Wish } from "../core/steering.js";

/** Shared: what is wished, the steps that a paused computation may still take, a counter that rises with each wish. */
export type SteeringMemory = Int32Array;

const [STATE, STEPS, VERSION] = [0, 1, 2] as const;
const [RUN, PAUSE, STOP] = [0, 1, 2] as const;

export const createSteeringMemory = (): SteeringMemory =>
  new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));

/** What a wish does to the memory: one row each. */
const acts: Record<Wish, (memory: SteeringMemory) => void> = {
  run: (memory) => Atomics.store(memory, STATE, RUN),
  pause: (memory) => {
    Atomics.store(memory, STEPS, 0);
    Atomics.store(memory, STATE, PAUSE);
  },
  step: (memory) => {
    Atomics.add(memory, STEPS, 1);
    Atomics.store(memory, STATE, PAUSE);
  },
  stop: (memory) => Atomics.store(memory, STATE, STOP),
};

/** Tell the computation, at once, whatever it is doing. */
export function steer(memory: SteeringMemory, wish: Wish): void {
  acts[wish](memory);
  Atomics.add(memory, VERSION, 1);
  Atomics.notify(memory, VERSION);
}

/**
 * Between two iterations: wait while it is to pause.
 * @param onWait called once, before it waits
 * @returns false when it is to stop
 */
export function proceed(memory: SteeringMemory, onWait?: () => void): boolean {
  let tell = onWait;
  for (;;) {
    const version = Atomics.load(memory, VERSION);
    const state = Atomics.load(memory, STATE);
    if (state !== PAUSE) return state !== STOP;
    if (Atomics.load(memory, STEPS) > 0) {
      // The I/O thread only adds, or sets to 0: then it is -1 for a moment, and counts as no step.
      if (Atomics.sub(memory, STEPS, 1) > 0) return true;
      Atomics.store(memory, STEPS, 0);
    }
    tell?.();
    tell = undefined;
    // This can be interrupted; nothing of the thread's own runs meanwhile.
    Atomics.wait(memory, VERSION, version);
  }
}
