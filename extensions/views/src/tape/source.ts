/** The source beside the graph: every expression coloured by |v · v̄|, the one that is shown framed; click it to go there. */
import { linesOf } from "cotangent/trace";
import { html, OWN_KEYS } from "../common/dom.js";
import { visibleToken } from "../common/labels.js";
import { css } from "../common/colour.js";
import type { Scheme } from "../common/colour.js";
import { shadeOf } from "./graph/painter.js";
import type { TapeModel } from "./model.js";

const MOST_LINES = 400;

export interface SourcePanel {
  readonly element: HTMLElement;
  /** Frame the expression of a node, and bring it into sight. */
  mark(node: number): void;
  colour(scheme: Scheme): void;
}

/** @param onPick nodes of the expression that was pointed at, ascending */
export function sourcePanel(
  { trace, expressions }: TapeModel,
  onPick: (nodes: readonly number[]) => void,
  signal: AbortSignal,
): SourcePanel {
  const pieces = new Map<number, HTMLElement[]>();
  const element = html("div", { class: "cot-source", tabindex: 0, "aria-label": "Source", role: "group", ...OWN_KEYS }); // prettier-ignore
  const panels = trace.sources.map((source, s) => {
    const { lines, isCut } = linesOf(source.text, s, expressions, MOST_LINES);
    const rows = lines.map(({ number, segments }) =>
      html(
        "div",
        { class: "cot-source-line" },
        html("span", { class: "cot-source-number", "aria-hidden": "true" }, String(number)),
        html(
          "code",
          {},
          ...segments.map(({ text, expression }) => {
            if (expression < 0) return text;
            const piece = html("span", { class: "cot-expression", "data-expression": expression }, text);
            pieces.set(expression, [...(pieces.get(expression) ?? []), piece]);
            return piece;
          }),
        ),
      ),
    );
    const note = isCut
      ? [html("p", { class: "cot-source-note" }, `The first ${MOST_LINES} lines are shown.`)]
      : [];
    const panel = html("div", { class: "cot-source-text" }, html("p", { class: "cot-source-name" }, visibleToken(source.name)), ...rows, ...note); // prettier-ignore
    panel.hidden = rows.length === 0;
    return panel;
  });
  element.append(...panels);
  element.hidden = panels.every((panel) => panel.hidden);

  /** Expression of each node, where it has one. */
  const expressionOf = new Map<number, number>();
  expressions.forEach(({ nodes }, i) => nodes.forEach((node) => expressionOf.set(node, i)));

  element.addEventListener(
    "click",
    (event) => {
      const piece = (event.target as Element).closest<HTMLElement>(".cot-expression");
      const expression = piece && expressions[Number(piece.dataset["expression"])];
      if (expression) onPick(expression.nodes);
    },
    { signal },
  );

  let marked: readonly HTMLElement[] = [];
  let markedAt = -1;
  /** The pieces of an expression and of all that lie in it. */
  const allOf = (index: number): HTMLElement[] => {
    const { source, start, end } = expressions[index]!;
    const found: HTMLElement[] = [];
    for (let i = index; i < expressions.length; i++) {
      const each = expressions[i]!;
      if (each.source !== source || each.start >= end) break;
      if (each.start >= start && each.end <= end) found.push(...(pieces.get(i) ?? []));
    }
    return found;
  };
  return {
    element,
    mark(node) {
      const index = expressionOf.get(node) ?? -1;
      if (index === markedAt) return;
      markedAt = index;
      for (const piece of marked) piece.removeAttribute("data-current");
      marked = index < 0 ? [] : allOf(index);
      for (const piece of marked) piece.setAttribute("data-current", "true");
      const line = pieces.get(index)?.[0]?.closest<HTMLElement>(".cot-source-line");
      if (!line) return;
      // Not scrollIntoView: that would move the notebook, too.
      const [top, height] = [line.offsetTop - element.offsetTop, element.clientHeight];
      if (top < element.scrollTop || top + line.offsetHeight > element.scrollTop + height)
        element.scrollTop = top - height / 2;
    },
    colour(scheme) {
      for (const [i, list] of pieces) {
        const { share } = expressions[i]!;
        const shade = shadeOf(scheme, share);
        const [r, g, b] = shade;
        const isDark = 0.299 * r + 0.587 * g + 0.114 * b <= 140;
        for (const piece of list) {
          piece.style.background = css(shade);
          piece.style.color = isDark ? "#ffffff" : "#16191d";
          piece.title = `|v · v̄| ${Number((100 * share).toPrecision(2))} % of the largest`;
        }
      }
    },
  };
}
