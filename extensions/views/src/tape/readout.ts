/** What there is to know of one node: its numbers, and why its adjoint is what it is. */
import { type AdjointReason, explainZero, shortNumber, whyAdjoint } from "cotangent/trace";
import { html, OWN_KEYS, setText } from "../common/dom.js";
import { histogram } from "./histogram.js";
import { kinkPanel } from "./kinks.js";
import type { TapeModel } from "./model.js";
import type { ProductPanel } from "./products.js";
import { placeOf } from "./wording.js";

const MOST_CONTRIBUTIONS = 6;
const MOST_STOPS = 9;

export interface Readout {
  readonly element: HTMLElement;
  /** The numbers of a node: quick, for every frame. */
  show(node: number, isBackward: boolean): void;
  /** Why its adjoint is what it is: for a reader at rest. @returns the nodes of the path that carries the most */
  explain(node: number, isBackward: boolean): readonly number[];
  /** Take the explanation away, because another node is shown. */
  clear(): void;
}

/** "1.2e-3", with a real minus sign. */
const number = (value: number): string => shortNumber(value).replace(/^-/, "−").replace("e-", "e−");

function valueText(model: TapeModel, node: number): string {
  const tensor = model.trace.tensors.find((each) => each.node === node);
  if (tensor) return `${tensor.dtype} [${tensor.shape.join(" × ")}]`;
  return model.isObject(node) ? "several results" : number(model.trace.nodes.value[node]!);
}

/**
 * @param products what the gradients of weights are made of
 * @param onPick a node that is named was pointed at
 */
export function readout(
  model: TapeModel,
  products: ProductPanel,
  onPick: (node: number) => void,
  signal: AbortSignal,
): Readout {
  const { trace } = model;
  const name = html("strong", { class: "cot-node-name" });
  const place = html("span", { class: "cot-node-place" });
  const row = (term: string) => {
    const value = html("dd", {});
    return { value, both: [html("dt", {}, term), value] as const };
  };
  const [primal, adjoint, product, operands] = [row("value v"), row("adjoint v̄"), row("v · v̄"), row("∂v/∂operand")]; // prettier-ignore
  const numbers = html("dl", { class: "cot-node-numbers" }, ...[primal, adjoint, product, operands].flatMap(({ both }) => both)); // prettier-ignore
  const why = html("div", { class: "cot-why" });
  const kinks = kinkPanel(model, signal);
  const spread = html("div", { class: "cot-spreads" });
  const element = html(
    "div",
    { class: "cot-node" },
    html("p", {}, name, " ", place),
    numbers,
    spread,
    kinks.element,
    why,
    products.element,
  );

  element.addEventListener(
    "click",
    (event) => {
      const link = (event.target as Element).closest<HTMLElement>("[data-node]");
      if (link) onPick(Number(link.dataset["node"]));
    },
    { signal },
  );
  const link = (node: number, text = `${model.numberOf(node)} ${model.nameOf(node)}`) =>
    html("button", { type: "button", class: "cot-node-link", "data-node": node, title: placeOf(model, node), ...OWN_KEYS }, text); // prettier-ignore

  function contributions({
    contributions: found,
    cancellation,
    adjoint: whole,
  }: AdjointReason): HTMLElement[] {
    if (found.length === 0) return [];
    const rows = found
      .slice(0, MOST_CONTRIBUTIONS)
      .map((each) =>
        html(
          "tr",
          {},
          html("td", {}, link(each.node)),
          html("td", {}, number(each.adjoint)),
          html("td", {}, number(each.partial)),
          html("td", {}, number(each.contribution)),
        ),
      );
    const more = found.length - rows.length;
    const head = html("tr", {}, ...["used by", "its adjoint", "× slope", "= contribution"].map((text) => html("th", { scope: "col" }, text))); // prettier-ignore
    const sentence =
      cancellation > 10
        ? [
            html(
              "p",
              { class: "cot-why-warning" },
              `Contributions cancel: their sizes add up to ${cancellation === Infinity ? "something" : `${number(cancellation)} times`} what is left of them.`,
            ),
          ]
        : [];
    return [
      html("p", { class: "cot-why-title" }, `Why ${number(whole)}? The sum of ${found.length === 1 ? "one contribution" : `${found.length} contributions`}`), // prettier-ignore
      html("table", {}, html("thead", {}, head), html("tbody", {}, ...rows)),
      ...(more > 0 ? [html("p", { class: "cot-why-more" }, `and ${more} smaller`)] : []),
      ...sentence,
    ];
  }

  function paths({ paths: found, share }: AdjointReason): HTMLElement[] {
    if (found.length === 0 || found[0]!.nodes.length < 3) return [];
    const items = found.map(({ nodes, product: slope }) => {
      const stops = nodes.length > MOST_STOPS ? [...nodes.slice(0, 4), -1, ...nodes.slice(-4)] : nodes;
      const chain = stops.flatMap((node, i) => [
        ...(i > 0 ? [" ← "] : []),
        node < 0 ? `… ${nodes.length - 8} more …` : link(node, model.nameOf(node)),
      ]);
      return html("li", {}, html("span", { class: "cot-why-product" }, number(slope)), " ", ...chain);
    });
    const percent = Number.isFinite(share) ? ` (${Math.round(100 * share)} % of it)` : "";
    return [
      html("p", { class: "cot-why-title" }, `${found.length === 1 ? "The path" : `The ${found.length} largest paths`} from the output${percent}`), // prettier-ignore
      html("ul", { class: "cot-why-paths" }, ...items),
    ];
  }

  /** Over the paths of a simulation. */
  function spreadOf(node: number): void {
    const { paths } = trace;
    if (paths === null || node < 0 || model.isObject(node)) return;
    const column = (of: Float32Array) =>
      Float32Array.from({ length: paths.count }, (_, p) => of[p * model.N + node]!);
    spread.replaceChildren(
      histogram("v over the paths", column(paths.value), paths.shown),
      ...(trace.seed < 0 ? [] : [histogram("v̄ over the paths", column(paths.adjoint), paths.shown)]),
    );
  }

  return {
    element,
    show(node, isBackward) {
      element.hidden = node < 0;
      if (node < 0) return;
      const { nodes, edges } = trace;
      setText(name, `${model.numberOf(node)} ${model.nameOf(node)}`);
      setText(place, placeOf(model, node));
      setText(primal.value, valueText(model, node));
      const isKnown = isBackward && !model.isObject(node);
      setText(adjoint.value, isKnown ? number(nodes.adjoint[node]!) : isBackward ? "a tensor's" : "not yet");
      product.value.hidden = product.both[0]!.hidden = model.isObject(node);
      setText(operands.both[0]!, model.isObject(node) ? "operands" : "∂v/∂operand");
      setText(product.value, isKnown ? number(nodes.value[node]! * nodes.adjoint[node]!) : "");
      const [first, end] = [edges.offsets[node]!, edges.offsets[node + 1]!];
      const slopes = Array.from({ length: Math.min(end - first, 4) }, (_, i) => {
        const from = edges.from[first + i]!;
        const operand = from < 0 ? "left out" : `${model.numberOf(from)} ${model.nameOf(from)}`;
        // The slope of a tensor by a tensor is no number.
        return model.isObject(node) ? operand : `${operand}: ${number(edges.partial[first + i]!)}`;
      });
      setText(operands.value, slopes.join(", ") + (end - first > 4 ? ", …" : ""));
      operands.value.hidden = operands.both[0]!.hidden = slopes.length === 0;
      element.dataset["node"] = String(node);
    },
    explain(node, isBackward) {
      spreadOf(node);
      kinks.show(node);
      products.show(isBackward ? node : -1);
      if (!isBackward || node < 0 || model.isObject(node) || trace.seed < 0) return [];
      const zero = explainZero(trace, node, model.consumers);
      if (zero) {
        const lost = zero.at >= 0 ? [" ", link(zero.at)] : [];
        why.replaceChildren(html("p", { class: "cot-why-zero" }, html("strong", {}, `Why 0? ${zero.reason}. `), zero.what, ...lost)); // prettier-ignore
        return [];
      }
      const reason = whyAdjoint(trace, node, { consumers: model.consumers });
      why.replaceChildren(...contributions(reason), ...paths(reason));
      return reason.paths[0]?.nodes ?? [];
    },
    clear() {
      if (why.firstChild) why.replaceChildren();
      if (spread.firstChild) spread.replaceChildren();
      kinks.show(-1);
      products.show(-1);
    },
  };
}
