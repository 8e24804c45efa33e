/** Painting a square matrix on a canvas: cells as pixels, scaled without smoothing; what is not a number, hatched. */
import { css, NOT_A_NUMBER, pack, type Rgb, type Scheme } from "./colour.js";
import { hatchPattern } from "./hatch.js";
import { rasterise, stencil } from "./raster.js";

export interface MatrixLook {
  readonly scheme: Scheme;
  readonly page: Rgb;
  readonly table: Uint32Array;
}

export interface MatrixImage {
  readonly from: Float32Array;
  readonly to: Float32Array;
  readonly blend: number;
  readonly max: number;
}

export interface MatrixPainter {
  /** Paint into the whole canvas; its size in device pixels must have been set. */
  paint(canvas: HTMLCanvasElement, image: MatrixImage, look: MatrixLook, pixelRatio: number): void;
}

/** Cells at least this wide, in CSS pixels, are set apart by a hairline. */
const HAIRLINE_FROM = 14;

/** @param n rows and columns; the scratch surfaces are made once and shared by every canvas painted */
export function matrixPainter(n: number): MatrixPainter {
  const surface = () => {
    const canvas = new OffscreenCanvas(n, n);
    const context = canvas.getContext("2d")!;
    const data = context.createImageData(n, n);
    return { canvas, context, data, pixels: new Uint32Array(data.data.buffer) };
  };
  const cells = surface();
  let mask: ReturnType<typeof surface> | undefined;
  let layer: OffscreenCanvas | undefined;

  function hatch(
    target: CanvasRenderingContext2D,
    values: Float32Array,
    { scheme }: MatrixLook,
    ratio: number,
  ) {
    const { width, height } = target.canvas;
    mask ??= surface();
    stencil(mask.pixels, values);
    mask.context.putImageData(mask.data, 0, 0);
    layer ??= new OffscreenCanvas(width, height);
    if (layer.width !== width) layer.width = width;
    if (layer.height !== height) layer.height = height;
    const pen = layer.getContext("2d")!;
    pen.globalCompositeOperation = "copy";
    pen.imageSmoothingEnabled = false;
    pen.drawImage(mask.canvas, 0, 0, width, height);
    pen.globalCompositeOperation = "source-in";
    pen.fillStyle = hatchPattern(target, scheme, ratio);
    pen.fillRect(0, 0, width, height);
    target.drawImage(layer, 0, 0);
  }

  return {
    paint(canvas, { from, to, blend, max }, look, ratio) {
      const context = canvas.getContext("2d", { alpha: false })!;
      const { width, height } = canvas;
      const bad = pack(NOT_A_NUMBER[look.scheme].ground);
      const badCells = rasterise(cells.pixels, { from, to, blend, max, table: look.table, bad });
      cells.context.putImageData(cells.data, 0, 0);
      // Several cells to a pixel: average them, since dropping rows would be a silent omission.
      context.imageSmoothingEnabled = width < n;
      context.imageSmoothingQuality = "high";
      context.drawImage(cells.canvas, 0, 0, width, height);
      if (badCells > 0) hatch(context, from, look, ratio);
      const cell = width / n;
      if (cell >= HAIRLINE_FROM * ratio) {
        context.fillStyle = css(look.page);
        for (let i = 1; i < n; i++) {
          const at = Math.round(i * cell);
          context.fillRect(at, 0, 1, height);
          context.fillRect(0, at, width, 1);
        }
      }
    },
  };
}
