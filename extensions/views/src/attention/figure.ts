/** The hero: the matrix with its labels and crosshair, and the pointing at its cells by mouse, touch or keyboard. */
import { html, OWN_KEYS } from "../common/dom.js";
import { visibleToken } from "../common/labels.js";
import { textMeasure } from "../common/measure.js";
import { tokenAxes } from "./axes.js";
import { type Cell, cellAt, crosshair, neighbour } from "./crosshair.js";
import { type Layout, layoutFigure } from "./layout.js";

export interface Figure {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** Says, where it is so, that several cells share a pixel. */
  readonly sharing: HTMLElement;
  /** The cell that is read, if any. */
  readonly cell: Cell | undefined;
  /** Lay out for a width; sizes the canvas, which clears it. */
  resize(width: number, pixelRatio: number): Layout;
}

/** @param onCell called when another cell is pointed at; `byKey` when by keyboard */
export function figure(
  tokens: readonly string[],
  onCell: (byKey: boolean) => void,
  signal: AbortSignal,
): Figure {
  const N = tokens.length;
  const labels = tokens.map(visibleToken);
  const canvas = html("canvas", { class: "cot-matrix", role: "img" });
  const sharing = html("li", {}, "Several cells share a pixel, which shows the strongest of them.");
  const cross = crosshair();
  const stage = html(
    "div",
    {
      class: "cot-stage",
      role: "group",
      tabindex: 0,
      "aria-label": "Attention matrix; the arrow keys read it cell by cell, space plays",
      ...OWN_KEYS,
    },
    canvas,
    cross.element,
  );
  const measure = textMeasure(() => element);
  const axes = tokenAxes(labels, measure);
  const element = html("div", { class: "cot-figure" }, stage, axes.element);
  let widths: number[] | undefined;
  let layout: Layout | undefined;
  let cell: Cell | undefined;

  const point = (next: Cell | undefined, byKey: boolean) => {
    if (next?.query === cell?.query && next?.key === cell?.key) return;
    cell = next;
    cross.show(cell, layout?.cell ?? 0);
    axes.highlight(cell);
    onCell(byKey);
  };
  const under = ({ clientX, clientY }: PointerEvent): Cell | undefined => {
    const { left, top } = canvas.getBoundingClientRect();
    return layout && cellAt(clientX - left, clientY - top, layout.side, N);
  };
  stage.addEventListener("pointermove", (event) => point(under(event), false), { signal });
  stage.addEventListener("pointerdown", (event) => point(under(event), false), { signal });
  stage.addEventListener(
    "pointerleave",
    // A finger leaves when it is lifted; what it pointed at stays to be read.
    (event) => event.pointerType !== "touch" && point(undefined, false),
    { signal },
  );
  stage.addEventListener("blur", () => point(undefined, false), { signal });
  stage.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const next = event.key === "Escape" ? undefined : neighbour(event.key, cell ?? { query: 0, key: 0 }, N);
      if (next === undefined && (event.key !== "Escape" || cell === undefined)) return;
      event.preventDefault();
      event.stopPropagation();
      // The first key shows where reading starts; the next ones move.
      point(next && !cell ? { query: 0, key: 0 } : next, true);
    },
    { signal },
  );

  return {
    element,
    canvas,
    sharing,
    get cell() {
      return cell;
    },
    resize(width, pixelRatio) {
      widths ??= labels.map(measure);
      layout = layoutFigure({ width, pixelRatio, labels: widths });
      const { gutter, header, side, overhang } = layout;
      const pixels = Math.max(1, Math.round(side * pixelRatio));
      canvas.width = pixels;
      canvas.height = pixels;
      sharing.hidden = pixels >= N;
      Object.assign(stage.style, {
        left: `${gutter}px`,
        top: `${header}px`,
        width: `${side}px`,
        height: `${side}px`,
      });
      Object.assign(element.style, {
        width: `${gutter + side + overhang}px`,
        height: `${header + side}px`,
      });
      axes.resize(layout);
      cross.show(cell, layout.cell);
      axes.highlight(cell);
      return layout;
    },
  };
}
