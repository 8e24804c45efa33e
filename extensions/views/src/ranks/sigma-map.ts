/** The singular values of one layer as a heat-map: which index over which step, log10 σ as colour. */
import { axis, baseLayout, type Look, stepAxis, stepShape } from "./look.js";
import type { RanksModel } from "./model.js";
import type { Panel, Place } from "./panel.js";
import { sequential, css, NOT_A_NUMBER } from "../common/colour.js";
import { count } from "../common/format.js";
import { noSpectra, rankNumber } from "./wording.js";

const HEIGHT = 300;
const COLUMNS = 240;
const STOPS = 16;

export interface SigmaMap {
  /** Steps at the right edge of every column. */
  readonly x: readonly number[];
  /** [K'][columns] log10 of the mean over the sites; null where there is no such value; NaN where it is not finite. */
  readonly z: readonly (readonly (number | null)[])[];
  /** Whether any is not finite although it is there. */
  readonly hasBad: boolean;
}

/** Means over sites and neighbouring steps, of the σ themselves. */
export function sigmaMap({ trace, frames, singularValues: K }: RanksModel, layer: number): SigmaMap {
  const [L, S] = [trace.layers.length, trace.sites.length];
  const columns = Math.min(frames, COLUMNS);
  const x: number[] = [];
  const z: (number | null)[][] = Array.from({ length: K }, () => []);
  let [longest, hasBad] = [0, false];
  for (let c = 0; c < columns; c++) {
    const [from, to] = [Math.floor((c * frames) / columns), Math.floor(((c + 1) * frames) / columns)];
    x.push(trace.recorded[to - 1]!);
    const sums = new Float64Array(K);
    const counts = new Int32Array(K);
    for (let t = from; t < to; t++)
      for (let s = 0; s < S; s++) {
        const at = ((t * L + layer) * S + s) * K;
        const sigma = trace.spectra.values.subarray(at, at + K);
        const length = sigma.findLastIndex((value) => !Number.isNaN(value)) + 1;
        for (let j = 0; j < length; j++) {
          sums[j]! += sigma[j]!;
          counts[j]!++;
        }
      }
    for (let j = 0; j < K; j++) {
      if (counts[j] === 0) z[j]!.push(null);
      else {
        const value = sums[j]! / counts[j]!;
        const isGood = Number.isFinite(value);
        hasBad ||= !isGood;
        longest = Math.max(longest, j + 1);
        // Zero has no logarithm; it is drawn as nothing, like what is not there.
        z[j]!.push(isGood ? (value > 0 ? Math.log10(value) : null) : NaN);
      }
    }
  }
  return { x, z: z.slice(0, longest), hasBad };
}

function extent(z: SigmaMap["z"]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const row of z)
    for (const value of row)
      if (value !== null && Number.isFinite(value))
        [low, high] = [Math.min(low, value), Math.max(high, value)];
  // Rounding of float32 lies seven digits below the largest; what is smaller is noise.
  return low > high ? [0, 1] : [Math.max(low, high - 8), low === high ? high + 1 : high];
}

const colours = ({ scheme }: Look): [number, string][] =>
  Array.from({ length: STOPS + 1 }, (_, i) => [
    i / STOPS,
    css(sequential(scheme, 0.06 + (0.94 * i) / STOPS)),
  ]);

function chart(model: RanksModel, layer: number, look: Look) {
  if (model.outer.length === 0 || model.singularValues === 0) return noSpectra(model);
  const { x, z, hasBad } = sigmaMap(model, layer);
  if (z.length === 0) return "No singular value of this layer is stored.";
  const [zmin, zmax] = extent(z);
  const y = z.map((_, j) => j + 1);
  // One column has no neighbour to tell its width.
  const wide = x.length === 1 ? { x: [x[0]! - 0.5, x[0]! + 0.5] } : { x };
  const bad = NOT_A_NUMBER[look.scheme].line;
  return {
    data: [
      {
        type: "heatmap",
        ...wide,
        y,
        z: z.map((row) => row.map((value) => (Number.isNaN(value) ? null : value))),
        customdata: z.map((row) => row.map((value) => (value === null || Number.isNaN(value) ? "" : rankNumber(10 ** value)))),
        zmin,
        zmax,
        colorscale: colours(look),
        hoverongaps: false,
        hovertemplate: `step %{x}<br>σ<sub>%{y}</sub> = %{customdata}<extra></extra>`,
        colorbar: {
          thickness: 10,
          outlinewidth: 0,
          len: 1,
          xpad: 8,
          tickfont: { size: 11, color: look.faint },
          title: { text: "σ", side: "top", font: { size: 12, color: look.faint } },
          ...ticks(zmin, zmax),
        },
      },
      ...(hasBad ? [{ type: "scatter", mode: "markers", ...crosses(x, z), name: "NaN or ∞", showlegend: true, hoverinfo: "name", marker: { symbol: "x-thin", size: 6, line: { color: css(bad), width: 1.5 } } }] : []),
    ],
    layout: {
      ...baseLayout(look, HEIGHT),
      margin: { t: 12, r: 16, b: 40, l: 44 },
      xaxis: stepAxis(look, model.ends, { showgrid: false }),
      yaxis: axis(look, "index of the singular value", { range: [z.length + 0.5, 0.5], showgrid: false, zeroline: false, ...(z.length <= 8 && { dtick: 1 }) }),
    },
  }; // prettier-ignore
}

function crosses(x: readonly number[], z: SigmaMap["z"]) {
  const found = z.flatMap((row, j) =>
    row.flatMap((value, c) => (Number.isNaN(value) ? [[x[c]!, j + 1] as const] : [])),
  );
  return { x: found.map(([step]) => step), y: found.map(([, index]) => index) };
}

/** Powers of ten, written as numbers; halves between where there is but one. */
function ticks(low: number, high: number): { tickvals: number[]; ticktext: string[] } {
  const stride = Math.max(1, Math.ceil((high - low) / 6));
  const whole: number[] = [];
  for (let at = Math.ceil(low); at <= high; at += stride) whole.push(at);
  const values = whole.length > 1 ? whole : [low, (low + high) / 2, high];
  return {
    tickvals: values,
    ticktext: values.map((value) => rankNumber(Number((10 ** value).toPrecision(2)))),
  };
}

/** How far it is from the largest to the smallest that is stored, at the first site. */
function inWords(model: RanksModel, { frame, step, layer }: Place): string {
  const { trace, singularValues: K } = model;
  if (model.outer.length === 0 || K === 0) return "";
  const at = (frame * trace.layers.length + layer) * trace.sites.length * K;
  const sigma = [...trace.spectra.values.subarray(at, at + K)].filter((value) => !Number.isNaN(value));
  const site = model.siteNames[0]!;
  if (sigma.length === 0) return `Step ${step}: none stored of ${site}.`;
  const range = sigma.length === 1 ? rankNumber(sigma[0]!) : `${rankNumber(sigma[0]!)} to ${rankNumber(sigma.at(-1)!)}`; // prettier-ignore
  return `Step ${step}: ${count(sigma.length, "value")} of ${site}, ${range}.`;
}

export const sigmaPanel: Panel = {
  name: "sigma",
  title: "Singular values",
  chart: (model, { layer }, look) => chart(model, layer, look),
  dependsOn: ({ layer }) => String(layer),
  // On any colour one of the two is seen.
  shapes: (_model, { step }, look) => [
    { ...stepShape(look, step), line: { color: css(look.page), width: 4 } },
    stepShape(look, step),
  ],
  hasSteps: true,
  caption: inWords,
};
