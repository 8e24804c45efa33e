/** The token labels around the matrix: shortened, thinned out, and shown in full for the cell that is read. */
import { svg } from "../common/dom.js";
import { elide, type Measure } from "../common/labels.js";
import { AXIS_NAME, type Layout } from "./layout.js";

export interface TokenAxes {
  readonly element: SVGSVGElement;
  resize(layout: Layout): void;
  /** Show these tokens' labels in full, over their neighbours. */
  highlight(cell: { readonly query: number; readonly key: number } | undefined): void;
}

/** @param labels [N] visible tokens */
export function tokenAxes(labels: readonly string[], measure: Measure): TokenAxes {
  const names = svg("g", { class: "cot-axis-names" });
  const rows = svg("g", { class: "cot-rows" });
  const columns = svg("g", { class: "cot-columns" });
  const full = svg("g", { class: "cot-full-labels" });
  const element = svg(
    "svg",
    { class: "cot-token-axes", "aria-hidden": "true", focusable: "false" },
    names,
    rows,
    columns,
    full,
  );
  let layout: Layout | undefined;

  const rowPlace = ({ gutter, header, cell }: Layout, i: number) =>
    `translate(${gutter - 6},${header + (i + 0.5) * cell})`;
  const columnPlace = ({ gutter, header, cell, angle }: Layout, i: number) => {
    const x = gutter + (i + 0.5) * cell;
    if (angle === 0) return `translate(${x},${header - 10})`;
    return `translate(${angle === 45 ? x - 2 : x},${header - 6}) rotate(${-angle})`;
  };

  const label = (place: string, anchor: "start" | "middle" | "end", text: string) =>
    svg("text", { transform: place, "text-anchor": anchor, dy: "0.35em" }, text);
  /** A label on a ground of its own, so that it can be read above others. */
  const plate = (place: string, anchor: "start" | "middle" | "end", text: string) => {
    const width = measure(text) + 8;
    const x = anchor === "end" ? 4 - width : anchor === "middle" ? -width / 2 : -4;
    return svg(
      "g",
      { transform: place },
      svg("rect", { x, y: -9, width, height: 18, rx: 2 }),
      svg("text", { "text-anchor": anchor, dy: "0.35em" }, text),
    );
  };
  const columnAnchor = ({ angle }: Layout) => (angle === 0 ? "middle" : "start");

  return {
    element,
    resize(next) {
      layout = next;
      const { gutter, header, side, rowLabel, columnLabel, rowStride, columnStride } = next;
      element.setAttribute("width", String(gutter + side));
      element.setAttribute("height", String(header + side));
      const every = (stride: number) => labels.flatMap((text, i) => (i % stride === 0 ? [{ text, i }] : []));
      names.replaceChildren(
        svg("text", { class: "cot-axis-name", x: gutter, y: 12 }, "key (attends to)"),
        svg(
          "text",
          { class: "cot-axis-name", transform: `translate(12,${header}) rotate(-90)`, "text-anchor": "end" },
          "query (attends from)",
        ),
      );
      rows.replaceChildren(
        ...every(rowStride).map(({ text, i }) =>
          label(rowPlace(next, i), "end", elide(text, Math.min(rowLabel, gutter - AXIS_NAME - 6), measure)),
        ),
      );
      columns.replaceChildren(
        ...every(columnStride).map(({ text, i }) =>
          label(columnPlace(next, i), columnAnchor(next), elide(text, columnLabel, measure)),
        ),
      );
      full.replaceChildren();
    },
    highlight(cell) {
      if (!layout || !cell) {
        full.replaceChildren();
        return;
      }
      const limit = Math.max(160, layout.gutter + layout.side * 0.6);
      const row = elide(labels[cell.query]!, limit, measure);
      const overlong = measure(row) > layout.gutter - 10;
      const rowAt = overlong
        ? plate(`translate(4,${layout.header + (cell.query + 0.5) * layout.cell})`, "start", row)
        : plate(rowPlace(layout, cell.query), "end", row);
      const column = elide(labels[cell.key]!, layout.angle === 0 ? limit : layout.header * 1.3, measure);
      full.replaceChildren(rowAt, plate(columnPlace(layout, cell.key), columnAnchor(layout), column));
    },
  };
}
