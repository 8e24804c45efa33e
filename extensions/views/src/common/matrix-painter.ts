/** Painting a square matrix on a canvas: cells as pixels, scaled without smoothing; what is not a number, hatched. */
import { css, NOT_A_NUMBER, pack, type Rgb, type Scheme } from "./colour.js";
import { hatchPattern } from "./hatch.js";
import { poolMax } from "./pool.js";
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

interface Surface {
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly data: ImageData;
  readonly pixels: Uint32Array;
}

function makeSurface(n: number): Surface {
  const canvas = new OffscreenCanvas(n, n);
  const context = canvas.getContext("2d")!;
  const data = context.createImageData(n, n);
  return { canvas, context, data, pixels: new Uint32Array(data.data.buffer) };
}

/** A drawer of surfaces by size, so that none is made twice. */
function surfaces(): (n: number) => Surface {
  const made = new Map<number, Surface>();
  return (n) => {
    const surface = made.get(n) ?? makeSurface(n);
    made.set(n, surface);
    return surface;
  };
}

/** @param n rows and columns; the scratch surfaces are made once and shared by every canvas painted */
export function matrixPainter(n: number): MatrixPainter {
  const cellsOf = surfaces();
  const masksOf = surfaces();
  let layer: OffscreenCanvas | undefined;

  /** The matrix with at most one cell a pixel, [m, m]. */
  const pooled = (values: Float32Array, m: number): Float32Array => {
    if (m === n) return values;
    const out = new Float32Array(m * m);
    poolMax(values, n, m, out);
    return out;
  };

  function hatch(
    target: CanvasRenderingContext2D,
    values: Float32Array,
    { scheme }: MatrixLook,
    ratio: number,
  ) {
    const { width, height } = target.canvas;
    const mask = masksOf(Math.sqrt(values.length));
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
    paint(canvas, { from: full, to: fullTo, blend, max }, look, ratio) {
      const context = canvas.getContext("2d", { alpha: false })!;
      const { width, height } = canvas;
      const m = Math.min(n, width);
      const from = pooled(full, m);
      const to = fullTo === full ? from : pooled(fullTo, m);
      const cells = cellsOf(m);
      const bad = pack(NOT_A_NUMBER[look.scheme].ground);
      const badCells = rasterise(cells.pixels, { from, to, blend, max, table: look.table, bad });
      cells.context.putImageData(cells.data, 0, 0);
      context.imageSmoothingEnabled = false;
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
