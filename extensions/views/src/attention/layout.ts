/** Where everything goes: sizes of the figure from the room there is. Pure; lengths in CSS pixels. */
import { labelStride } from "../common/labels.js";

export interface LayoutInput {
  /** Room for the whole view. */
  readonly width: number;
  readonly pixelRatio: number;
  /** [N] widths of the token labels, unshortened. */
  readonly labels: readonly number[];
}

/** How column labels are written: as they are, leaning, or upright. */
export type LabelAngle = 0 | 45 | 90;

export interface Layout {
  /** One column instead of two. */
  readonly stacked: boolean;
  /** Left of the matrix: axis name and row labels; the residual strip's axis lives in the same gutter. */
  readonly gutter: number;
  /** Above the matrix: axis name and column labels. */
  readonly header: number;
  /** Right of the matrix, for a leaning last label. */
  readonly overhang: number;
  /** The matrix is square. */
  readonly side: number;
  readonly cell: number;
  /** Width of the whole figure, and so of the residual strip. */
  readonly total: number;
  readonly rowLabel: number;
  readonly columnLabel: number;
  readonly angle: LabelAngle;
  /** Every how many-th token is labelled. */
  readonly rowStride: number;
  readonly columnStride: number;
}

export const PANEL_WIDTH = 232;
export const PANEL_GAP = 32;
/** Room of an axis name beside the labels. */
export const AXIS_NAME = 18;
/** The view's own margin, left and right (its padding in base.css). */
const PAGE_MARGIN = 2;
const MAX_TOTAL = 1000;
const MAX_SIDE = 560;
const MIN_SIDE = 176;
const STACK_BELOW = 620;
const LABEL_GAP = 6;
const LINE = 13;
const LEAN = Math.SQRT1_2;

export function layoutFigure({ width, pixelRatio, labels }: LayoutInput): Layout {
  const N = labels.length;
  const room = Math.max(200, Math.min(width - 2 * PAGE_MARGIN, MAX_TOTAL));
  const stacked = room < STACK_BELOW;
  const longest = labels.reduce((a, b) => Math.max(a, b), 0);
  const rowLabel = Math.min(longest, stacked ? 72 : 116);
  const gutter = Math.ceil(Math.max(AXIS_NAME + LABEL_GAP + rowLabel, 62));
  const beside = stacked ? 0 : PANEL_GAP + PANEL_WIDTH;
  const want = Math.min(Math.max(N * 46, MIN_SIDE), Math.max(MAX_SIDE, Math.ceil(N / pixelRatio)));

  const place = (overhang: number) => {
    const { side, cell } = wholePixels(Math.min(want, room - gutter - beside - overhang), N, pixelRatio);
    const angle: LabelAngle = cell >= longest + LABEL_GAP + 2 ? 0 : cell >= 18 ? 45 : 90;
    const columnLabel = Math.min(longest, stacked ? 72 : 92);
    return { side, cell, angle, columnLabel };
  };
  const overhangOf = ({ cell, angle, columnLabel }: ReturnType<typeof place>) =>
    angle !== 45
      ? 0
      : labels.reduce((most, label, i) => {
          const reach = Math.min(label, columnLabel) * LEAN + 6 - (N - 0.5 - i) * cell;
          return Math.ceil(Math.max(most, reach));
        }, 0);
  // Two columns have a gap that a leaning label may lean into; one column has nothing to spare.
  const spare = stacked ? 0 : PANEL_GAP - 8;
  let placed = place(0);
  const overhang = Math.max(0, overhangOf(placed) - spare);
  if (overhang > 0) placed = place(overhang);
  const { side, cell, angle, columnLabel } = placed;
  const tall = angle === 0 ? LINE : angle === 45 ? columnLabel * LEAN + 10 : columnLabel;
  const figure = gutter + side + overhang + beside;
  return {
    stacked,
    gutter,
    header: Math.ceil(AXIS_NAME + tall + LABEL_GAP),
    overhang,
    side,
    cell,
    total: Math.min(room, Math.max(figure, stacked ? room : 640)),
    rowLabel,
    columnLabel,
    angle,
    rowStride: labelStride(cell, LINE),
    columnStride: labelStride(cell, angle === 45 ? LINE + 4 : LINE),
  };
}

/** Shrink a side so that every cell covers the same whole number of device pixels, if it covers one at all. */
function wholePixels(side: number, N: number, pixelRatio: number): { side: number; cell: number } {
  const devicePixels = Math.floor((Math.max(side, 1) * pixelRatio) / N);
  const cell = devicePixels >= 1 ? devicePixels / pixelRatio : Math.max(side, 1) / N;
  return { side: cell * N, cell };
}
