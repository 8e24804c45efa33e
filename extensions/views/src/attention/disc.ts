/** The eigenvalues of J at the fixed point in the unit disc, and the damping that moves them along (1 − α) + α·λ. */
import {
  type AttentionSpectrum,
  type AttentionTrace,
  bestDamping,
  dampedRadius,
  iterationsFor,
  shortNumber,
} from "cotangent/trace";
import { count } from "../common/format.js";
import { html, OWN_KEYS, setText, svg } from "../common/dom.js";

export interface Disc {
  readonly element: HTMLElement;
}

/** Half the picture's side, in CSS pixels; what lies outside is drawn at the edge. */
const HALF = 104;
const MARGIN = 12;
/** The picture reaches at least this far beyond the unit circle, and at most so far. */
const [NEAREST, FARTHEST] = [1.25, 3];
/** By how much an iteration count is said. */
const FACTOR = 1e3;

/** Where (1 − α) + α·λ lies. */
export const moved = (re: number, im: number, damping: number): readonly [re: number, im: number] => [
  1 - damping + damping * re,
  damping * im,
];

/** What a radius means for an iteration. */
export function predicted(radius: number): string {
  if (radius >= 1) return "does not converge near here";
  return `about ${count(iterationsFor(radius, FACTOR), "iteration")} per factor 1,000`;
}

function howMany({ of, eigenvalues }: AttentionSpectrum): string {
  const stored = eigenvalues.length / 2;
  return stored < of ? `the ${stored} largest of ${of.toLocaleString("en")}` : `all ${stored}`;
}

export function eigenvalueDisc(
  { spectrum, solver, diagnosis }: AttentionTrace,
  signal: AbortSignal,
): Disc | undefined {
  if (!spectrum || spectrum.eigenvalues.length === 0) return undefined;
  const { eigenvalues } = spectrum;
  const stored = eigenvalues.length / 2;
  const reach = Math.min(Math.max(1.06 * dampedRadius(spectrum, 1), NEAREST), FARTHEST);
  const scale = (HALF - MARGIN) / reach;
  const radius = svg("circle", { class: "cot-disc-radius" });
  const paths = svg("path", { class: "cot-disc-paths" });
  const points = Array.from({ length: stored }, () => svg("circle", { class: "cot-eigenvalue", r: 3.2 }));
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    svg("line", { class: "cot-disc-axis", x1, y1, x2, y2 });
  const text = (x: number, y: number, content: string, anchor = "start") =>
    svg("text", { x, y, "text-anchor": anchor }, content);
  const picture = svg(
    "svg",
    {
      class: "cot-disc",
      width: 2 * HALF,
      height: 2 * HALF,
      viewBox: `${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`,
      role: "img",
    },
    svg("circle", { class: "cot-disc-unit", r: scale }),
    line(-HALF, 0, HALF, 0),
    line(0, -HALF, 0, HALF),
    text(HALF - 2, -5, "Re λ", "end"),
    text(5, -HALF + 10, "Im λ"),
    text(scale + 3, 13, "1"),
    text(-scale - 3, 13, "−1", "end"),
    paths,
    radius,
    ...points,
  );
  const slider = html("input", {
    type: "range",
    class: "cot-range",
    min: 0.01,
    max: 1,
    step: 0.01,
    value: solver.damping,
    "aria-label": "Damping",
    ...OWN_KEYS,
  });
  const value = html("output", { class: "cot-damping" });
  const rho = html("strong", {});
  const future = html("span", {});
  const best = bestDamping(spectrum);
  const button = (label: string, damping: number) => {
    const element = html("button", { type: "button", class: "cot-link", ...OWN_KEYS }, label);
    element.addEventListener("click", () => show(damping), { signal });
    return element;
  };

  function show(damping: number): void {
    slider.value = String(damping);
    slider.style.setProperty("--cot-share", `${(100 * (damping - 0.01)) / 0.99}%`);
    const found = dampedRadius(spectrum!, damping);
    let trails = "";
    points.forEach((point, i) => {
      const [re, im] = [eigenvalues[2 * i]!, eigenvalues[2 * i + 1]!];
      const place = (along: number) => {
        const [x, y] = moved(re, im, along);
        const far = Math.max(1, Math.hypot(x, y) / reach);
        return [(x / far) * scale, (-y / far) * scale] as const;
      };
      const [x, y] = place(damping);
      const [fromX, fromY] = place(1);
      point.setAttribute("cx", x.toFixed(2));
      point.setAttribute("cy", y.toFixed(2));
      point.dataset["outside"] = String(Math.hypot(...moved(re, im, damping)) >= 1);
      if (damping < 1) trails += `M${fromX.toFixed(1)},${fromY.toFixed(1)}L${x.toFixed(1)},${y.toFixed(1)}`;
    });
    paths.setAttribute("d", trails);
    radius.setAttribute("r", (Math.min(found, reach) * scale).toFixed(2));
    element.dataset["inside"] = String(found < 1);
    setText(value, damping.toFixed(2));
    setText(rho, `ρ ${shortNumber(found)}`);
    setText(future, predicted(found));
    const spoken = `damping ${damping.toFixed(2)}: spectral radius ${shortNumber(found)}, ${predicted(found)}`;
    slider.setAttribute("aria-valuetext", spoken);
    picture.setAttribute("aria-label", `Eigenvalues of the Jacobian in the unit disc; ${spoken}`);
  }
  slider.addEventListener("input", () => show(Number(slider.value)), { signal });

  const note = (...children: readonly (Node | string)[]) =>
    html("p", { class: "cot-disc-note" }, ...children);
  const choices = [button(`this solve's ${shortNumber(solver.damping)}`, solver.damping)];
  if (best !== undefined && best !== solver.damping) choices.push(button(`best ${best}`, best));
  const rate = solver.name === "picard" ? diagnosis?.observedRate : undefined;
  const element = html(
    "section",
    { class: "cot-disc-panel", "aria-label": "Eigenvalues of the Jacobian" },
    html(
      "div",
      { class: "cot-section-title" },
      html("span", { class: "cot-head-title" }, "eigenvalues of J"),
      html("span", {}, howMany(spectrum)),
    ),
    picture,
    html(
      "div",
      { class: "cot-disc-controls" },
      html("label", { class: "cot-damping-row" }, html("span", {}, "damping"), slider, value),
      html("p", { class: "cot-disc-reading" }, rho, future),
      html("p", { class: "cot-disc-note cot-disc-choices" }, ...choices),
      ...(best === undefined ? [note("No damping brings all of them inside the circle.")] : []),
      ...(rate === undefined ? [] : [note(`Observed in this solve: ${shortNumber(rate)} per iteration.`)]),
      ...(spectrum.at === "anderson"
        ? [note("At the fixed point that Anderson's method finds: this solve did not reach one.")]
        : []),
    ),
  );
  show(solver.damping);
  return { element };
}
