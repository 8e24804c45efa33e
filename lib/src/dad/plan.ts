/** The plan of a run: which parameters are shared as outer products, which as they are. All sites must agree on it. */
import type { Tensor } from "../tensor/tensor.js";
import { isLeafObject } from "../ad/leaves.js";
import { type Flat, flatten } from "../tree/tree.js";
import { type ActivationName } from "./activations.js";
import { isCovered, isRowSum } from "./coverage.js";
import type { Floats } from "./dense.js";
import { SharingError, SiteMismatchError } from "./errors.js";
import { type Local, shapeOfLeaf } from "./local.js";

/** A weight whose gradient is AᵀΔ, with its bias. */
export interface OuterUnit {
  readonly kind: "outer";
  /** Where the weight is in the parameters, as in "layers[0].weight". */
  readonly name: string;
  /** Index of the weight among the parameters' leaves. */
  readonly weight: number;
  /** Index of the bias, whose gradient is the sum of the rows of Δ; null where there is none. */
  readonly bias: number | null;
  /** h */
  readonly inputs: number;
  /** h' */
  readonly outputs: number;
  /** Whether the parameter is [h', h]. */
  readonly isTransposed: boolean;
  /** In how many products of a step it is. */
  readonly uses: number;
}

/** A parameter whose gradient is not an outer product (norm scales, embeddings): it is shared as it is. */
export interface RawUnit {
  readonly kind: "raw";
  readonly name: string;
  readonly leaf: number;
  readonly size: number;
}

export type Unit = OuterUnit | RawUnit;

export interface Plan {
  /** In the order in which a forward pass uses them. */
  readonly outers: readonly OuterUnit[];
  readonly raws: readonly RawUnit[];
}

/** The parameters of a site, without their numbers. */
export interface Described {
  readonly site: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: string;
  }[];
}

/** What a site sees of the model in its first step. Plain values: it can be sent. */
export interface Observation extends Described {
  readonly outers: readonly Observed[];
  /** For every two weights in a row, what may stand between them; only where a method asks. */
  readonly between?: readonly (readonly ActivationName[])[];
}

interface Observed {
  readonly weight: number;
  /** Parameters beside the weight whose gradient is the sum of the rows of Δ. */
  readonly biases: readonly number[];
  readonly inputs: number;
  readonly outputs: number;
  readonly isTransposed: boolean;
  readonly uses: number;
}

/** "argument.layers[0].weight" as its owner writes it. */
const ownName = (path: string): string => path.replace(/^argument\.?/, "") || "the parameter";
const parentOf = (path: string): string => path.replace(/(\.[^.[\]]+|\[[^[\]]*\])$/, "");

export function observe(site: string, params: Flat, local: Local): Observation {
  const { leaves, paths } = params;
  const outers = [...local.factors]
    .filter(([leaf, factors]) => isCovered(local.gradients[leaf]!, factors))
    .map(([weight, { input, delta, isTransposed, uses }]): Observed => {
      const biases = leaves.flatMap((_, leaf) => {
        const isBeside = leaf !== weight && parentOf(paths[leaf]!) === parentOf(paths[weight]!);
        const isVector = shapeOfLeaf(leaves[leaf]).filter((extent) => extent !== 1).length <= 1;
        const isBias = isBeside && isVector && !local.factors.has(leaf) && isRowSum(local.gradients[leaf]!, delta); // prettier-ignore
        return isBias ? [leaf] : [];
      });
      return { weight, biases, inputs: input.cols, outputs: delta.cols, isTransposed, uses };
    });
  return { ...described(site, params), outers };
}

export const described = (site: string, { leaves, paths }: Flat): Described => ({
  site,
  parameters: leaves.map((leaf, i) => ({
    name: ownName(paths[i]!),
    shape: shapeOfLeaf(leaf),
    dtype: isLeafObject(leaf) ? (leaf as unknown as Tensor).dtype : "number",
  })),
});

/**
 * What all sites can share.
 * @throws SiteMismatchError when their parameters differ in name, shape or dtype, naming both sites
 */
export function agree(observations: readonly Observation[]): Plan {
  const [first, ...others] = observations;
  checkSameParameters(observations);
  const taken = new Set<number>();
  const outers = first!.outers.flatMap((own): OuterUnit[] => {
    const same = others.map(({ outers }) => outers.find(({ weight }) => weight === own.weight));
    if (same.some((each) => each?.isTransposed !== own.isTransposed || each.uses !== own.uses)) return [];
    const bias = own.biases.find((leaf) => !taken.has(leaf) && same.every((each) => each!.biases.includes(leaf))); // prettier-ignore
    if (bias !== undefined) taken.add(bias);
    const { weight, inputs, outputs, isTransposed, uses } = own;
    const { name } = first!.parameters[weight]!;
    return [{ kind: "outer", name, weight, bias: bias ?? null, inputs, outputs, isTransposed, uses }];
  });
  const raws = first!.parameters.flatMap(({ name, shape }, leaf): RawUnit[] => {
    if (taken.has(leaf) || outers.some(({ weight }) => weight === leaf)) return [];
    return [{ kind: "raw", name, leaf, size: shape.reduce((product, extent) => product * extent, 1) }];
  });
  return { outers, raws };
}

const REMEDY = "Build the model of all sites with the same function and the same sizes.";

/** @throws SiteMismatchError naming two sites and the parameter that they do not share */
export function checkSameParameters([first, ...others]: readonly Described[]): void {
  for (const other of others) checkSame(first!, other);
}

function checkSame(a: Described, b: Described): void {
  const [names, others] = [a, b].map(({ parameters }) => parameters.map(({ name }) => name));
  const missing = names!.find((name) => !others!.includes(name)) ?? others!.find((name) => !names!.includes(name)); // prettier-ignore
  if (missing !== undefined) {
    const [has, lacks] = names!.includes(missing) ? [a.site, b.site] : [b.site, a.site];
    throw new SiteMismatchError(
      `Site "${has}" has a parameter ${missing}, which site "${lacks}" has not. ${REMEDY}`,
    );
  }
  a.parameters.forEach((own, i) => {
    const other = b.parameters[i]!;
    const said = ({ shape, dtype }: typeof own) => `[${shape.join(", ")}] (${dtype})`;
    if (own.name !== other.name)
      throw new SiteMismatchError(
        `Sites "${a.site}" and "${b.site}" have their parameters in another order: ${own.name} and ${other.name} at place ${i}. ${REMEDY}`,
      );
    if (said(own) !== said(other))
      throw new SiteMismatchError(
        `${own.name} is ${said(own)} at site "${a.site}" and ${said(other)} at site "${b.site}". ${REMEDY}`,
      );
  });
}

/**
 * That the plan still holds in this step.
 * @throws SharingError for a gradient that is not what its factors say any more
 */
export function verify(plan: Plan, local: Local): void {
  for (const { name, weight, bias, uses } of plan.outers) {
    const factors = local.factors.get(weight);
    const gradient = local.gradients[weight] as Floats;
    const holds =
      factors !== undefined &&
      factors.uses === uses &&
      isCovered(gradient, factors) &&
      (bias === null || isRowSum(local.gradients[bias]!, factors.delta));
    if (!holds && gradient.every(Number.isFinite))
      throw new SharingError(
        `The gradient of ${name} was the product of its two factors in the first step, and is not any more: ` +
          `the loss does something else with it now. Let every step use the parameters in the same way.`,
      );
  }
}

/** The paths of parameters as flatten calls them, for those who only have the tree. */
export const flatParameters = (params: unknown): Flat => flatten(params, "argument");
