/** The crosshair over the matrix: the row, the column and the cell that is read. */
import { html } from "../common/dom.js";

export interface Cell {
  readonly query: number;
  readonly key: number;
}

export interface Crosshair {
  readonly element: HTMLElement;
  show(cell: Cell | undefined, cellSize: number): void;
}

export function crosshair(): Crosshair {
  const row = html("div", { class: "cot-crosshair-row" });
  const column = html("div", { class: "cot-crosshair-column" });
  const box = html("div", { class: "cot-crosshair-cell" });
  const element = html("div", { class: "cot-crosshair", "aria-hidden": "true" }, row, column, box);
  element.hidden = true;
  return {
    element,
    show(cell, size) {
      element.hidden = cell === undefined;
      if (!cell) return;
      const [x, y] = [`${cell.key * size}px`, `${cell.query * size}px`];
      Object.assign(row.style, { top: y, height: `${size}px` });
      Object.assign(column.style, { left: x, width: `${size}px` });
      Object.assign(box.style, { top: y, left: x, width: `${size}px`, height: `${size}px` });
    },
  };
}

/** The cell under a point, in CSS pixels from the matrix's corner. */
export function cellAt(x: number, y: number, side: number, tokens: number): Cell | undefined {
  if (!(x >= 0 && y >= 0 && x < side && y < side)) return undefined;
  const index = (at: number) => Math.min(tokens - 1, Math.floor((at / side) * tokens));
  return { query: index(y), key: index(x) };
}

/** The cell that an arrow key moves to; undefined for other keys. */
export function neighbour(key: string, { query, key: column }: Cell, tokens: number): Cell | undefined {
  const clamp = (i: number) => Math.min(Math.max(i, 0), tokens - 1);
  switch (key) {
    case "ArrowLeft":
      return { query, key: clamp(column - 1) };
    case "ArrowRight":
      return { query, key: clamp(column + 1) };
    case "ArrowUp":
      return { query: clamp(query - 1), key: column };
    case "ArrowDown":
      return { query: clamp(query + 1), key: column };
    case "Home":
      return { query, key: 0 };
    case "End":
      return { query, key: tokens - 1 };
    default:
      return undefined;
  }
}
