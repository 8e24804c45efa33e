/** The hatching of cells that are not a number: slanted lines, the same in every picture. */
import { css, NOT_A_NUMBER, type Scheme } from "./colour.js";

/** A repeating tile of 45° lines, in device pixels. */
export function hatchPattern(
  context: CanvasRenderingContext2D,
  scheme: Scheme,
  pixelRatio: number,
): CanvasPattern {
  const size = Math.max(4, Math.round(6 * pixelRatio));
  const tile = new OffscreenCanvas(size, size);
  const pen = tile.getContext("2d")!;
  pen.fillStyle = css(NOT_A_NUMBER[scheme].ground);
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = css(NOT_A_NUMBER[scheme].line);
  pen.lineWidth = Math.max(1, 1.25 * pixelRatio);
  // Three strokes, so that the corners of neighbouring tiles meet.
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 1, size + 1);
    pen.lineTo(shift + size + 1, -1);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat")!;
}
