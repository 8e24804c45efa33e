/** A site's own part of a step: loss, gradient, and the two factors of every product with a parameter. */
import { ops } from "../ad/ops.js";
import { isLeafObject } from "../ad/leaves.js";
import type { NumberArray } from "../engine/engine.js";
import { DtypeError } from "../errors.js";
import type { OuterProduct } from "../tensor/factors.js";
import type { Tensor } from "../tensor/tensor.js";
import { valueAndGrad } from "../transforms/grad.js";
import { flatten } from "../tree/tree.js";
import { type Dense, dense, type Floats, stacked } from "./dense.js";
import type { Model, Tree } from "./model.js";

/** The factors of one parameter's gradient; every use of it adds rows. */
export interface Factors {
  /** [R, h] A */
  readonly input: Dense;
  /** [R, h'] Δ */
  readonly delta: Dense;
  /** Whether the parameter is [h', h]: its gradient is then ΔᵀA. */
  readonly isTransposed: boolean;
  /** In how many products it was. */
  readonly uses: number;
}

export interface Local {
  /** Not scaled. */
  readonly loss: number;
  /** Scaled as the loss was: gradient of scale · loss, for each leaf of the parameters. */
  readonly gradients: readonly Floats[];
  /** By the index of the parameter's leaf, in the order in which the parameters were first used. */
  readonly factors: ReadonlyMap<number, Factors>;
}

/** The numbers of a leaf, which is a tensor or a number. */
export async function numbersOf(leaf: unknown): Promise<NumberArray> {
  if (!isLeafObject(leaf)) return Float64Array.of(leaf as number);
  const tensor = leaf as unknown as Tensor;
  return tensor.plain.engine.synchronous ? tensor.dataSync() : tensor.data();
}

export const shapeOfLeaf = (leaf: unknown): readonly number[] =>
  isLeafObject(leaf) ? (leaf as unknown as Tensor).shape : [];

interface Told {
  readonly leaf: number;
  readonly factors: () => Promise<Factors>;
}

/**
 * Forward and backward.
 * @param scale what the loss is multiplied by, and with it every Δ: the weight of the site
 */
export async function runLocal(model: Model, params: Tree, batch: Tree, scale: number): Promise<Local> {
  const told: Told[] = [];
  const { paths } = flatten(params, "argument");
  const [scaled, gradient] = valueAndGrad((p: Tree) => ops.mul(model.loss(p, batch), scale), {
    factors(product) {
      const leaf = paths.indexOf(product.parameter);
      const told1 = leaf < 0 ? null : noted(leaf, product);
      if (told1) told.push(told1);
    },
  })(params);
  const gradients: Floats[] = [];
  for (const leaf of flatten(gradient, "gradient").leaves) gradients.push((await numbersOf(leaf)) as Floats);
  const value = (await numbersOf(scaled))[0]!;
  return { loss: scale === 0 ? NaN : value / scale, gradients, factors: await gathered(told) };
}

/** Null for what is not a product of matrices, one row for one row. */
function noted(leaf: number, { input, delta, isTransposed }: OuterProduct): Told | null {
  if (input.rank !== 2 || delta.rank !== 2) return null;
  if (input.dtype === "int32") throw new DtypeError("The factor of a gradient is of integers.");
  const arrays = [input, delta].map((tensor) => {
    if (tensor.plain.engine.synchronous) return tensor.dataSync();
    return tensor.keep().data();
  });
  return {
    leaf,
    factors: async () => ({
      input: dense(input.shape[0]!, input.shape[1]!, (await arrays[0]) as Floats),
      delta: dense(delta.shape[0]!, delta.shape[1]!, (await arrays[1]) as Floats),
      isTransposed,
      uses: 1,
    }),
  };
}

/** The sweep goes backwards: what it tells last was used first. Rows of all uses of a parameter are stacked. */
async function gathered(told: readonly Told[]): Promise<Map<number, Factors>> {
  const byLeaf = new Map<number, Factors[]>();
  for (const { leaf, factors } of told.toReversed())
    byLeaf.set(leaf, [...(byLeaf.get(leaf) ?? []), await factors()]);
  return new Map([...byLeaf].map(([leaf, all]) => [leaf, all.length === 1 ? all[0]! : joined(all)]));
}

function joined(all: readonly Factors[]): Factors {
  const { isTransposed } = all[0]!;
  // Used both ways, as tied weights are: what is the input of one product stands where the delta of the other does.
  const turned = all.map((each) =>
    each.isTransposed === isTransposed ? each : { ...each, input: each.delta, delta: each.input },
  );
  return {
    input: stacked(turned.map(({ input }) => input)),
    delta: stacked(turned.map(({ delta }) => delta)),
    isTransposed,
    uses: all.length,
  };
}
