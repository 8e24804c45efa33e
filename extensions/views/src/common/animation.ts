/** One animation frame at a time: however often a redraw is requested, it is drawn once, and never after the end. */

/**
 * @param draw called with the time in milliseconds; returns whether it wants to be called again
 * @param signal ends it
 * @returns a function that requests a redraw
 */
export function animationLoop(draw: (now: number) => boolean, signal: AbortSignal): () => void {
  let handle: number | undefined;
  const request = () => {
    if (!signal.aborted) handle ??= requestAnimationFrame(run);
  };
  const run = (now: number) => {
    handle = undefined;
    if (draw(now)) request();
  };
  signal.addEventListener("abort", () => handle !== undefined && cancelAnimationFrame(handle));
  return request;
}
