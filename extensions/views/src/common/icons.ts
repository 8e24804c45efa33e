/** The few icons of the views, drawn on a 16 × 16 grid in the colour of the text. */
import { svg } from "./dom.js";

const SHAPES = {
  play: "M4.5 2.8v10.4a.6.6 0 0 0 .92.5l8-5.2a.6.6 0 0 0 0-1l-8-5.2a.6.6 0 0 0-.92.5z",
  pause: "M4 3h2.6v10H4zM9.4 3H12v10H9.4z",
  back: "M11.6 3.2v9.6L5.6 8zM3.6 3.2h1.8v9.6H3.6z",
  forward: "M4.4 3.2v9.6l6-4.8zM10.6 3.2h1.8v9.6h-1.8z",
  loop: "M4.5 4.2h6.3V2.3l3.2 2.9-3.2 2.9V6.2H5.3v2.3H3.3V5.4c0-.7.5-1.2 1.2-1.2zm7 7.6H5.2v1.9L2 10.8l3.2-2.9v1.9h5.5V7.5h2v3.1c0 .7-.5 1.2-1.2 1.2z",
  good: "M6.6 12.2 2.7 8.3l1.3-1.3 2.6 2.6L12.1 4l1.3 1.3z",
  warning: "M7 3.2h2l-.3 6.2H7.3zM8 10.8a1.15 1.15 0 1 1 0 2.3 1.15 1.15 0 0 1 0-2.3z",
  bad: "m4.6 3.3 3.4 3.4 3.4-3.4 1.3 1.3L9.3 8l3.4 3.4-1.3 1.3L8 9.3l-3.4 3.4-1.3-1.3L6.7 8 3.3 4.6z",
} as const;

export type IconName = keyof typeof SHAPES;

export const icon = (name: IconName): SVGSVGElement =>
  svg(
    "svg",
    { class: "cot-icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: SHAPES[name] }),
  );
