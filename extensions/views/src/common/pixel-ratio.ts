/** When the page's zoom or screen changes: a canvas has to be sized anew to stay sharp. */

/** @returns a function that stops watching */
export function watchPixelRatio(onChange: () => void): () => void {
  let query: MediaQueryList;
  const changed = () => {
    watch();
    onChange();
  };
  // A query matches one ratio only, so each change needs a new one.
  const watch = () => {
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener("change", changed, { once: true });
  };
  watch();
  return () => query.removeEventListener("change", changed);
}
