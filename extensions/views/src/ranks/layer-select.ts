/** Which layer's singular values are shown. */
import { html, OWN_KEYS } from "../common/dom.js";
import type { RanksModel } from "./model.js";
import { layerLabel, layerSize } from "./wording.js";

export interface LayerSelect {
  readonly element: HTMLElement;
  update(layer: number): void;
}

export function layerSelect(
  model: RanksModel,
  asked: (layer: number) => void,
  signal: AbortSignal,
): LayerSelect {
  const select = html(
    "select",
    { class: "cot-speed cot-layer-select", "aria-label": "Layer", ...OWN_KEYS },
    ...model.outer.map((layer) =>
      html("option", { value: layer }, `${layerLabel(model, layer)}  ${layerSize(model, layer)}`),
    ),
  );
  select.disabled = model.outer.length < 2;
  select.addEventListener("change", () => asked(Number(select.value)), { signal });
  return {
    element: html("label", { class: "cot-layer" }, html("span", { class: "cot-hidden" }, "Layer"), select),
    update: (layer) => void (select.value = String(layer)),
  };
}
