/** The heads' small pictures: a few a frame within a budget, so that 64 heads never hold up the large one. */
import type { MatrixLook, MatrixPainter } from "../common/matrix-painter.js";
import { THUMBNAIL } from "./heads.js";
import type { AttentionModel } from "./model.js";

export interface Thumbnails {
  /** Everything has to be painted again, from the selected head on. */
  stale(): void;
  resize(pixelRatio: number): void;
  /** Paint as many as the budget allows; returns whether some are left. */
  paint(frame: number, look: MatrixLook): boolean;
}

/** Cells to colour in one animation frame: well under a millisecond's work each hundred thousand. */
const BUDGET = 200_000;

export function thumbnails(
  { trace, max, weights: weightsAt }: AttentionModel,
  painter: MatrixPainter,
  canvases: readonly HTMLCanvasElement[],
): Thumbnails {
  const cells = trace.tokens.length ** 2;
  const perFrame = Math.max(1, Math.floor(BUDGET / cells));
  const total = canvases.length;
  let [next, left, ratio] = [0, total, 1];
  return {
    stale() {
      // Round robin: while playing, the turn goes on where it stopped, so none is starved.
      left = total;
    },
    resize(pixelRatio) {
      ratio = pixelRatio;
      for (const canvas of canvases) canvas.width = canvas.height = Math.round(THUMBNAIL * pixelRatio);
      left = total;
    },
    paint(frame, look) {
      for (let n = Math.min(perFrame, left); n > 0; n--, left--) {
        const weights = weightsAt(frame, next);
        const image = { from: weights, to: weights, blend: 0, max };
        painter.paint(canvases[next]!, image, look, ratio);
        next = (next + 1) % total;
      }
      return left > 0;
    },
  };
}
