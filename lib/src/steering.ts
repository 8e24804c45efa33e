/** Steering: between two iterations a long computation asks whether to go on, so that a reader can pause, step and stop it. */

/**
 * Whoever runs the library may leave an object there: its `proceed()` waits while the computation is to pause, and is false when it
 * is to stop. Cotangent's kernel does; so the library need not know what a kernel is.
 */
const STEERING = Symbol.for("cotangent.steering");

interface Steering {
  proceed(): boolean;
}

/** Whether to go on; true where nobody steers. */
export const proceed = (): boolean =>
  (globalThis as { readonly [STEERING]?: Steering })[STEERING]?.proceed() ?? true;

/** What a result says that was stopped. */
export const STOPPED = "It was stopped by the reader before it had ended.";
