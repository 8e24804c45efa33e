/** The colours of the page, for a canvas, which does not follow style sheets by itself. */
import { css, type Scheme } from "../common/colour.js";
import type { Theme } from "../common/theme.js";
import { type Look, shadeOf } from "./graph/painter.js";

export function lookOf(root: HTMLElement, { scheme, page }: Theme): Look {
  const style = getComputedStyle(root);
  const of = (name: string) => style.getPropertyValue(`--cot-${name}`).trim();
  return {
    scheme,
    page,
    font: of("font"),
    text: of("text"),
    faint: of("text-faint"),
    line: of("line"),
    strong: of("line-strong"),
    accent: of("accent"),
    raised: of("hover"),
    bad: of("bad"),
  };
}

/** The scale that explains the colours, as a style of the root. */
export function paintScale(root: HTMLElement, scheme: Scheme): void {
  const stops = Array.from({ length: 9 }, (_, i) => css(shadeOf(scheme, (i / 8) ** 2)));
  root.style.setProperty("--cot-heat-scale", `linear-gradient(to right, ${stops.join(", ")})`);
}
