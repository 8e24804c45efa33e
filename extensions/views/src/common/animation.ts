/** One animation frame at a time: however often a redraw is requested, it is drawn once, and never after `destroy`. */

export interface AnimationLoop {
  request(): void;
  destroy(): void;
}

/** @param draw called with the time in milliseconds; returns whether it wants to be called again */
export function animationLoop(draw: (now: number) => boolean): AnimationLoop {
  let handle: number | undefined;
  let destroyed = false;
  const request = () => {
    if (!destroyed) handle ??= requestAnimationFrame(run);
  };
  const run = (now: number) => {
    handle = undefined;
    if (draw(now)) request();
  };
  return {
    request,
    destroy() {
      destroyed = true;
      if (handle !== undefined) cancelAnimationFrame(handle);
      handle = undefined;
    },
  };
}
