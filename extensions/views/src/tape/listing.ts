/** The tape as text around the step that is shown: for readers who prefer it, and for those who cannot see the graph. */
import { formulaOf, productWords, shortNumber } from "cotangent/trace";
import { html, OWN_KEYS } from "../common/dom.js";
import type { TapeModel } from "./model.js";
import { placeOf } from "./wording.js";

/** Lines before and after. */
const AROUND = 12;

export interface Listing {
  readonly element: HTMLDetailsElement;
  show(node: number): void;
}

/**
 * @param theta of the effective ranks
 * @param onOpen it was opened: show it what is shown
 */
export function listing(
  model: TapeModel,
  theta: () => number,
  onOpen: () => void,
  signal: AbortSignal,
): Listing {
  const { nodes, edges } = model.trace;
  const body = html("pre", { class: "cot-listing-text", tabindex: 0, ...OWN_KEYS });
  const element = html("details", { class: "cot-listing" }, html("summary", {}, "Tape as text"), body);
  element.addEventListener("toggle", () => element.open && onOpen(), { signal });
  const line = (node: number): string => {
    const operands = Array.from(edges.from.subarray(edges.offsets[node], edges.offsets[node + 1]), (from) =>
      from < 0 ? "…" : model.numberOf(from),
    );
    const what = `${model.numberOf(node)} = ${[model.nameOf(node), ...operands.slice(0, 6)].join(" ")}`;
    const place = placeOf(model, node);
    const first = `${what.padEnd(26)} v ${shortNumber(nodes.value[node]!).padEnd(11)} v̄ ${shortNumber(nodes.adjoint[node]!).padEnd(11)} ${place}`.trimEnd(); // prettier-ignore
    // Once, at the weight, for each of its uses.
    const uses = (model.products.get(node) ?? []).filter(({ weight }) => weight === node);
    return [first, ...uses.map((use) => `    ${formulaOf(use)}: ${productWords(use, theta())}`)].join("\n");
  };
  return {
    element,
    show(node) {
      if (!element.open) return;
      const first = Math.max(0, node - AROUND);
      const end = Math.min(model.N, Math.max(node, 0) + AROUND + 1);
      const rows = Array.from({ length: end - first }, (_, i) => {
        const at = first + i;
        return html(
          "span",
          { class: "cot-listing-line", "aria-current": at === node ? "true" : undefined },
          `${line(at)}\n`,
        );
      });
      body.replaceChildren(...rows);
    },
  };
}
