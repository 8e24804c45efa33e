/** Where the parts of the still picture stand, for any number of heads. */
import { PAGE } from "./document-svg.js";

export const WIDTH = PAGE.width;
export const MARGIN = PAGE.margin;
/** Below the title lines. */
export const BODY_TOP = 84;
/** Heads beyond this are not drawn; the picture says so. */
export const MAX_PANELS = 16;

const SIDE_WIDTH = 290;
const SIDE_GAP = 40;
/** Between panels side by side. */
const PANEL_GAP = 16;
/** Above each panel, for its head's name. */
export const PANEL_TITLE = 20;
/** For the words "query" and "key" along the sides. */
export const AXIS_TITLE = 18;
const LARGEST_PANEL = 420;

export interface Layout {
  readonly columns: number;
  readonly rows: number;
  /** The side of each matrix. */
  readonly size: number;
  /** Left edge of column c, top edge of row r, of the matrices. */
  readonly x: (column: number) => number;
  readonly y: (row: number) => number;
  /** The bottom of the grid, labels and axis title included. */
  readonly bottom: number;
  /** The right edge of the matrices. */
  readonly right: number;
  /** Whether the residual curve stands beside the matrices (few heads) or below them. */
  readonly beside: boolean;
  readonly sideX: number;
  readonly sideWidth: number;
}

export interface LabelRoom {
  readonly width: number;
  readonly height: number;
}

/**
 * @param tokens N, so that cells can end on whole pixels
 * @param labels the room that token labels need for a matrix of the given size
 */
export function layOut(heads: number, tokens: number, labels: (size: number) => LabelRoom): Layout {
  const beside = heads <= 4;
  const columns = heads === 1 ? 1 : heads <= 4 ? 2 : heads <= 6 ? 3 : 4;
  const rows = Math.ceil(heads / columns);
  const room = WIDTH - 2 * MARGIN - AXIS_TITLE - (beside ? SIDE_WIDTH + SIDE_GAP : 0);
  const sizeBeside = (labelWidth: number): number => {
    const rough = Math.min(LARGEST_PANEL, (room - labelWidth - PANEL_GAP * (columns - 1)) / columns);
    return wholePixels(rough, tokens);
  };
  const size = sizeBeside(labels(sizeBeside(80)).width);
  const { width: labelWidth, height: labelHeight } = labels(size);
  const left = MARGIN + AXIS_TITLE + labelWidth;
  const x = (column: number): number => left + column * (size + PANEL_GAP);
  const y = (row: number): number => BODY_TOP + PANEL_TITLE + row * (size + PANEL_TITLE + PANEL_GAP / 2);
  const bottom = y(rows - 1) + size + labelHeight + AXIS_TITLE;
  const right = x(columns - 1) + size;
  const sideX = beside ? Math.max(right + SIDE_GAP, WIDTH - MARGIN - SIDE_WIDTH - 60) : MARGIN;
  return { columns, rows, size, x, y, bottom, right, beside, sideX, sideWidth: WIDTH - MARGIN - sideX };
}

/** A side on which every cell ends on half a unit, a whole pixel at double size, unless that wastes much. */
function wholePixels(size: number, tokens: number): number {
  const whole = (tokens * Math.floor((2 * size) / tokens)) / 2;
  return whole >= 0.88 * size ? whole : Math.floor(size);
}
