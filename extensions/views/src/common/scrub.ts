/** Dragging over a plot: its reader points at a place, and goes on pointing until the button is let go. */

/** @param onPoint called with where the pointer is, in CSS pixels from the element's left edge */
export function watchScrub(
  element: HTMLElement | SVGElement,
  isOn: boolean,
  onPoint: (left: number) => void,
  signal: AbortSignal,
): void {
  if (!isOn) return;
  let dragging = false;
  const point = (event: PointerEvent) => onPoint(event.clientX - element.getBoundingClientRect().left);
  const listen = (
    type: "pointerdown" | "pointermove" | "pointerup" | "pointercancel",
    act: (e: PointerEvent) => void,
  ) => element.addEventListener(type, act as EventListener, { signal });
  listen("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    dragging = true;
    element.setPointerCapture(event.pointerId);
    point(event);
  });
  listen("pointermove", (event) => dragging && point(event));
  listen("pointerup", () => (dragging = false));
  listen("pointercancel", () => (dragging = false));
}
