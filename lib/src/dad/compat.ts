/** The compressor as the authors published it, traps included: to explain published plots, and for nothing else. */
import { checkChoice } from "../options.js";
import type { Philox } from "../random/philox.js";
import { asFactors, type Component, type Compressed } from "./compress.js";
import { type Dense, dot, norm } from "./dense.js";
import { gradientMap } from "./operator.js";

export const compatNames = ["edad", "coinstac-dinunet", "catalyst-dad"] as const;
/** A published code base. */
export type CompatName = (typeof compatNames)[number];

interface Published {
  readonly maxRank: number;
  readonly iterations: number;
  /** Of the distance from the vector before. */
  readonly tolerance: number;
  /** How many entries are cut from the end of the list, always. */
  readonly trim: number;
  /** Whether deltas are scaled by the share of a site; without it a step is S times as long. */
  readonly isScaled: boolean;
}

const published: Readonly<Record<CompatName, Published>> = {
  edad: { maxRank: 10, iterations: 10, tolerance: 1e-3, trim: 2, isScaled: true },
  "coinstac-dinunet": { maxRank: 10, iterations: 5, tolerance: 1e-3, trim: 1, isScaled: false },
  "catalyst-dad": { maxRank: 2, iterations: 1, tolerance: 1e-3, trim: 1, isScaled: false },
};

export const publishedAs = (name: CompatName): Published =>
  published[checkChoice(name, "compat", compatNames)];

/** What differs from rank-dAD as it should be, for the reader of a result. */
export function trapsOf(name: CompatName): string[] {
  const { trim, isScaled } = publishedAs(name);
  return [
    `compat "${name}": the last ${trim === 1 ? "component is" : `${trim} components are`} always dropped, so "max rank r" is r − ${trim}.`,
    `compat "${name}": components are not re-orthogonalised; duplicates count in the effective rank, and the error may exceed ‖G‖.`,
    `compat "${name}": the search stops when a vector repeats the one before, which is then zeroed although it was valid.`,
    `compat "${name}": a bias is the sum of compressed deltas, which is not its gradient.`,
    ...(isScaled ? [] : [`compat "${name}": deltas are not scaled by the share of a site, so a step is as many times too long as there are sites.`]), // prettier-ignore
  ];
}

/**
 * As `compress`, as published: power iterations with deflation only, from a uniform start, stopped when a vector repeats
 * the one before (which is zeroed), and cut by one or two entries at the end.
 *
 * @param input [R, h] A, without a column of ones
 * @param delta [R, h'] Δ
 */
export function compressAsPublished(
  input: Dense,
  delta: Dense,
  options: Pick<Published, "maxRank" | "iterations" | "tolerance" | "trim">,
  stream: Philox,
): Compressed {
  const map = gradientMap(input, delta);
  const nothing: Component = {
    b: new Float64Array(delta.cols),
    c: new Float64Array(input.cols),
    sigma: 0,
  };
  const found: Component[] = [];
  while (found.length < options.maxRank) {
    let b = stream.uniforms(map.outputs);
    for (let i = 0; i < options.iterations; i++) b = deflated(map.square(b), b, found);
    const u = map.pull(b);
    const sigma = norm(u);
    const before = found.at(-1);
    const repeats = before !== undefined && distance(b, before.b) < options.tolerance;
    if (!(sigma > 0) || repeats) {
      if (repeats) found[found.length - 1] = nothing;
      found.push(nothing);
      break;
    }
    found.push({ b, c: u.map((x) => x / sigma), sigma });
  }
  return asFactors(found.slice(0, Math.max(0, found.length - options.trim)), input.cols, delta.cols);
}

/** One iteration: what the found components would give is taken off, and the rest normalised. */
function deflated(v: Float64Array, b: Float64Array, found: readonly Component[]): Float64Array {
  for (const { b: other, sigma } of found) {
    const share = sigma * sigma * dot(other, b);
    for (let i = 0; i < v.length; i++) v[i]! -= share * other[i]!;
  }
  const size = norm(v);
  return v.map((x) => x / size);
}

const distance = (a: Float64Array, b: Float64Array): number => norm(a.map((x, i) => x - b[i]!)) / norm(b);
