/** Steering: between two iterations a long computation asks whether to go on, so that a reader can pause, step and stop it. */

/**
 * Whoever runs the library may leave an object there: its `proceed()` waits while the computation is to pause, and is false when it
 * is to stop; before it waits it calls `onWait`, so that the reader sees where the computation stands. Cotangent's kernel does; so the library need not know what a kernel is.
 */
const STEERING = Symbol.for("cotangent.steering");

interface Steering {
  proceed(onWait?: () => void): boolean;
}

let unasked = 0;

/** Run what a reader did not start and does not see, as a side computation of a step: it is not steered. */
export function unsteered<T>(body: () => T): T {
  unasked++;
  try {
    return body();
  } finally {
    unasked--;
  }
}

/**
 * Whether to go on; true where nobody steers.
 * @param onWait called before it is made to wait, if it is
 */
export const proceed = (onWait?: () => void): boolean =>
  unasked > 0 || ((globalThis as { readonly [STEERING]?: Steering })[STEERING]?.proceed(onWait) ?? true);

/** What a result says that was stopped. */
export const STOPPED = "It was stopped by the reader before it had ended.";
