/** The width of texts in the font of the page. */
import type { Measure } from "./labels.js";

/** Measure text in the font of an element that is in the page by the time of the first call. */
export function textMeasure(of: () => Element): Measure {
  let pen: OffscreenCanvasRenderingContext2D | undefined;
  return (text) => {
    if (!pen) {
      pen = new OffscreenCanvas(1, 1).getContext("2d")!;
      const { fontSize, fontFamily } = getComputedStyle(of());
      pen.font = `${fontSize} ${fontFamily}`;
    }
    return pen.measureText(text).width;
  };
}
