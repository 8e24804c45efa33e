/** What a training run adds under the slider: the numbers that were told, ρ(J) with its limit 1, the iterations of the solves. */
import { type AttentionTrace, shortNumber } from "cotangent/trace";
import { html } from "../common/dom.js";
import { elide, visibleToken } from "../common/labels.js";
import { textMeasure } from "../common/measure.js";
import { type SeriesOptions, seriesStrip } from "../common/series-strip.js";

export interface TrainingStrips {
  /** Empty for a single solve. */
  readonly element: HTMLElement;
  resize(left: number, right: number): void;
  /** `k` is the recorded step that is shown. */
  mark(at: number, k: number): void;
}

/** Of a name of anyone's, so many CSS pixels. */
const LONGEST = 240;

export function seriesOf(
  { training, solver }: AttentionTrace,
  shorten: (name: string) => string,
): SeriesOptions[] {
  if (!training) return [];
  const { series, spectralRadius, iterations, converged } = training;
  const reached = iterations.some((count) => count >= solver.maxIterations);
  return [
    ...series.map(({ name, values }) => ({ name: shorten(visibleToken(name)), values, fromZero: false })),
    ...(spectralRadius
      ? [{ name: "ρ(J) of the undamped map", values: spectralRadius, level: { at: 1, label: "ρ = 1" },
            missing: "not known", fromZero: true }]
      : []),
    {
      name: "iterations of the solve",
      values: iterations,
      fromZero: true,
      // A cap that no solve reached would only press the curve flat.
      level: reached ? { at: solver.maxIterations, label: `at most ${solver.maxIterations}` } : undefined,
      marks: { at: converged.map((one) => 1 - one), label: "▎did not converge" },
    },
  ]; // prettier-ignore
}

export function trainingStrips(
  trace: AttentionTrace,
  onScrub: (at: number) => void,
  signal: AbortSignal,
): TrainingStrips {
  const element = html("div", { class: "cot-training" });
  // Names are measured when the page has a font for them; until then by their length.
  const measure = textMeasure(() => element);
  const rough = (text: string) => 7 * text.length;
  const shorten = (name: string) => elide(name, LONGEST, element.isConnected ? measure : rough);
  const strips = seriesOf(trace, shorten).map((options) => seriesStrip(options, onScrub, signal));
  element.replaceChildren(...strips.map((strip) => strip.element));
  return {
    element,
    resize: (left, right) => strips.forEach((strip) => strip.resize(left, right)),
    mark: (at, k) => strips.forEach((strip) => strip.mark(at, k)),
  };
}

/** "loss 0.31", "not converged": what is said beside the counter; the strips tell the rest. */
export function numbersAt({ training }: AttentionTrace, k: number): string {
  if (!training) return "";
  const told = training.series[0];
  return [
    ...(told ? [`${visibleToken(told.name).slice(0, 24)} ${shortNumber(told.values[k]!)}`] : []),
    training.converged[k] === 1 ? "solve converged" : "solve NOT converged",
  ].join(", ");
}
