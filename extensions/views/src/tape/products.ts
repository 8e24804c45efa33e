/** What the gradient of a weight is made of: the singular values of its two factors and of their product, and how many count. */
import { DEFAULT_THETA, formulaOf, productWords, rankCeiling, ranksOf, shortNumber, type TapeProduct } from "cotangent/trace"; // prettier-ignore
import { html, OWN_KEYS, svg } from "../common/dom.js";
import { thetaControl } from "../common/theta.js";
import type { TapeModel } from "./model.js";
import { markOf, SERIES, spectrumChart } from "./spectrum-chart.js";
import { placeOf } from "./wording.js";

export interface ProductPanel {
  readonly element: HTMLElement;
  /** θ: a singular value of at least θ·σ₁ counts. */
  readonly theta: number;
  /** Show those of a node; of one that has none, nothing. */
  show(node: number): void;
}

/** @param onTheta the reader chose another θ */
export function productPanel(
  model: TapeModel,
  chosen: number | undefined,
  onTheta: () => void,
  signal: AbortSignal,
): ProductPanel {
  let theta = chosen ?? DEFAULT_THETA;
  let shown: readonly TapeProduct[] = [];
  let which = 0;
  const title = html("p", { class: "cot-why-title" });
  const uses = html("select", { class: "cot-product-uses", "aria-label": "Which use of the weight", ...OWN_KEYS }); // prettier-ignore
  const body = html("div", {});
  const slider = thetaControl(
    { theta: DEFAULT_THETA, name: "usual", what: "the usual θ" },
    undefined,
    (next) => {
      theta = next;
      draw();
      onTheta();
    },
    signal,
  );
  const element = html("div", { class: "cot-product", role: "group", "aria-label": "Gradient of a weight" }, title, uses, body, ...(model.products.size > 0 ? [slider.element] : [])); // prettier-ignore
  uses.addEventListener(
    "change",
    () => {
      which = uses.selectedIndex;
      draw();
    },
    { signal },
  );

  const weightOf = ({ weight }: TapeProduct) => (weight < 0 ? "a weight" : model.nameOf(weight));
  const useOf = (product: TapeProduct, i: number): string => {
    const place = placeOf(model, product.node);
    const where =
      product.node < 0 ? "left out" : `${model.numberOf(product.node)} ${model.nameOf(product.node)}`;
    return `${i + 1} of ${shown.length}: ${weightOf(product)} at ${where}${place ? `, ${place}` : ""}`;
  };

  function table(product: TapeProduct, spectra: NonNullable<TapeProduct["spectra"]>): HTMLElement {
    const { rows, inputs, outputs, isTransposed } = product;
    const [wide, high] = isTransposed ? [outputs, inputs] : [inputs, outputs];
    const names = {
      input: `A [${rows} × ${inputs}]`,
      delta: `Δ [${rows} × ${outputs}]`,
      gradient: `${isTransposed ? "ΔᵀA" : "AᵀΔ"} [${wide} × ${high}]`,
    };
    const ranks = ranksOf(spectra, theta);
    const cell = (text: string) => html("td", {}, text);
    const lines = SERIES.map((of) =>
      html(
        "tr",
        { "data-of": of },
        html("td", {}, svg("svg", { width: 14, height: 11, "aria-hidden": "true" }, markOf(of, 6, 5.5)), names[of]), // prettier-ignore
        cell(shortNumber(spectra[of][0] ?? 0)),
        cell(`${ranks[of]} of ${spectra[of].length}`),
      ),
    );
    const head = html("tr", {}, ...["", "σ₁", "effective rank"].map((text) => html("th", { scope: "col" }, text))); // prettier-ignore
    return html("table", {}, html("thead", {}, head), html("tbody", {}, ...lines));
  }

  function draw(): void {
    const product = shown[which];
    element.hidden = product === undefined;
    if (!product) return;
    const { spectra, why, rows, inputs, outputs } = product;
    const ceiling = html("p", { class: "cot-product-ceiling" }, `No rank above min(rows ${rows}, inputs ${inputs}, outputs ${outputs}) = ${rankCeiling(product)}.`); // prettier-ignore
    title.textContent = `Gradient of ${weightOf(product)}: ${formulaOf(product)}${shown.length > 1 ? ", one term for each use" : ""}`;
    const label = `Singular values: ${productWords(product, theta)}`;
    body.replaceChildren(
      ...(spectra === null
        ? [html("p", { class: "cot-why-warning" }, `No singular values: ${why}.`)]
        : [spectrumChart(product, spectra, theta, label), table(product, spectra)]),
      ceiling,
    );
    slider.element.hidden = spectra === null;
    slider.update(theta, spectra === null ? "" : productWords(product, theta));
  }

  draw();
  return {
    element,
    get theta() {
      return theta;
    },
    show(node) {
      const next = model.products.get(node) ?? [];
      if (next !== shown) which = 0;
      shown = next;
      uses.replaceChildren(...shown.map((product, i) => html("option", {}, useOf(product, i))));
      uses.hidden = shown.length < 2;
      draw();
    },
  };
}
