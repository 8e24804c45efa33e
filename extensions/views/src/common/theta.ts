/** The θ slider: logarithmic, with a way back to the θ that it began with. */
import { shortNumber } from "cotangent/trace";
import { html, OWN_KEYS, setText } from "./dom.js";

/** log10 of the least and the greatest θ on the slider; below the least is 0, where everything counts that is not 0. */
export const [LOWEST, HIGHEST] = [-6, -0.05];
const STEP = 0.05;

/** Two digits are enough, and make 0.05 of 0.0501. At the slider's foot everything counts. */
export const thetaAt = (position: number): number =>
  position <= LOWEST ? 0 : Number((10 ** position).toPrecision(2));

export const positionOf = (theta: number): number =>
  theta > 0 ? Math.min(Math.max(Math.log10(theta), LOWEST), HIGHEST) : LOWEST;

export interface ThetaControl {
  readonly element: HTMLElement;
  /** @param spoken what it means, for a screen reader */
  update(theta: number, spoken: string): void;
}

/** The θ that it began with. */
export interface OwnTheta {
  readonly theta: number;
  /** On the button back to it: "run". */
  readonly name: string;
  /** What it is, for its title: "the θ of the run". */
  readonly what: string;
}

/**
 * @param why why there is nothing to recompute; undefined where there is
 */
export function thetaControl(
  { theta: own, name, what }: OwnTheta,
  why: string | undefined,
  asked: (theta: number) => void,
  signal: AbortSignal,
): ThetaControl {
  const slider = html("input", {
    type: "range",
    class: "cot-slider cot-theta-slider",
    min: LOWEST,
    max: HIGHEST,
    step: STEP,
    "aria-label": "θ: singular values of at least θ·σ₁ count",
    ...OWN_KEYS,
  });
  const value = html("output", { class: "cot-theta-value" });
  const back = html(
    "button",
    { type: "button", class: "cot-text-button", title: `Back to ${what}, ${shortNumber(own)}`, ...OWN_KEYS }, // prettier-ignore
    `${name}: ${shortNumber(own)}`,
  );
  slider.disabled = why !== undefined;
  slider.addEventListener(
    "input",
    () => {
      const found = thetaAt(slider.valueAsNumber);
      // This θ is seldom a step of the slider: near it is at it, so that it can be found again.
      asked(Math.abs(positionOf(own) - slider.valueAsNumber) < STEP / 2 ? own : found);
    },
    { signal },
  );
  back.addEventListener("click", () => asked(own), { signal });
  return {
    element: html(
      "div",
      { class: "cot-theta", ...(why !== undefined && { title: why }) },
      html(
        "label",
        { class: "cot-theta-row" },
        html("span", { class: "cot-theta-name" }, "θ"),
        slider,
        value,
      ),
      back,
    ),
    update(theta, spoken) {
      const position = positionOf(theta);
      slider.value = String(position);
      slider.style.setProperty("--cot-share", `${(100 * (position - LOWEST)) / (HIGHEST - LOWEST)}%`);
      slider.setAttribute("aria-valuetext", `θ ${shortNumber(theta)}. ${spoken}`);
      setText(value, shortNumber(theta));
      back.disabled = theta === own || why !== undefined;
    },
  };
}
