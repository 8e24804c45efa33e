/** The room that a view has, and when that changes: the width of its host, and the zoom of the page. */

/** Wider than any scroll bar. */
const SCROLL_BAR = 20;

/**
 * Watch the width of an element; the first call comes at once if it is in the page already. An observer runs
 * before the page is painted, so what is laid out and drawn in `onSize` is never seen half done.
 */
export function watchSize(host: HTMLElement, onSize: (width: number) => void, signal: AbortSignal): void {
  let width = 0;
  const check = () => {
    const found = host.clientWidth;
    // A little more room may be our own doing: we got shorter, and the scroll bar went. Taking it would make
    // us taller again, for ever.
    const swing = width > 0 && found > width && found < width + SCROLL_BAR;
    if (found === 0 || found === width || swing) return;
    width = found;
    onSize(width);
  };
  const observer = new ResizeObserver(check);
  observer.observe(host);

  let ratio: MediaQueryList;
  const zoomed = () => {
    watchRatio();
    if (width > 0) onSize(width);
  };
  // A query matches one ratio only, so each change needs a new one.
  const watchRatio = () => {
    ratio = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    ratio.addEventListener("change", zoomed, { once: true });
  };
  watchRatio();
  signal.addEventListener("abort", () => {
    observer.disconnect();
    ratio.removeEventListener("change", zoomed);
  });
  check();
}
