/** The layout off the main thread, so that a large tape never holds up the page. */
import type { Places } from "./layout.js";
import { layOut } from "./layout.js";
import type { Scene } from "./scene.js";

/** Fewer items are laid out before a worker has started. */
const SMALL = 2000;

/**
 * Lay a scene out; `done` is called once, later, and never after the end.
 * Where a page forbids workers, or the worker fails, it is done here.
 */
export function layOutScene(
  { count, from, to }: Scene,
  done: (places: Places) => void,
  signal: AbortSignal,
): void {
  const here = () => {
    if (!signal.aborted) done(layOut(count, from, to));
  };
  if (count <= SMALL) {
    // Never before the caller has returned.
    queueMicrotask(here);
    return;
  }
  const text = `onmessage = ({ data }) => { const places = (${layOut.toString()})(data.count, data.from, data.to); postMessage(places, [places.layer.buffer, places.place.buffer]); }`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  let worker: Worker;
  try {
    worker = new Worker(url);
  } catch {
    URL.revokeObjectURL(url);
    queueMicrotask(here);
    return;
  }
  const end = () => {
    worker.terminate();
    URL.revokeObjectURL(url);
  };
  signal.addEventListener("abort", end, { once: true });
  worker.onmessage = ({ data }: MessageEvent<Places>) => {
    end();
    if (!signal.aborted) done(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    end();
    here();
  };
  worker.postMessage({ count, from, to });
}
