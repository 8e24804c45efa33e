/** edAD: sites send the inputs of all layers and the last delta alone; each computes the other deltas back from it. Exact. */
import type { Leaf } from "../../ad/recorded.js";
import { checkOptionNames } from "../../options.js";
import { matmul } from "../../tensor/functions/products.js";
import { mul } from "../../tensor/functions/elementwise.js";
import { matrixTranspose } from "../../tensor/functions/shapes.js";
import type { Tensor } from "../../tensor/tensor.js";
import { activationNames, type ActivationName, activations } from "../activations.js";
import { stackBlocks } from "../aggregate.js";
import { type Dense, type Floats, norm } from "../dense.js";
import { SharingError } from "../errors.js";
import { type Factors, type Local, numbersOf } from "../local.js";
import { matrixBlock } from "../message.js";
import type { Observation, OuterUnit, Plan } from "../plan.js";
import {
  fromFactors,
  gradientLeaves,
  matrixTensor,
  rawBlocks,
  sumRaws,
  type UnitGradient,
} from "./leaves.js";
import { sumOf } from "./dad.js";
import type { Method, SiteContext } from "./method.js";

/** A plan of a chain of layers: what is between each two. */
export interface ChainPlan extends Plan {
  readonly between: readonly ActivationName[];
}

/** Between layers i and i + 1: the functions that explain Δ_i = (Δ_{i+1} W_{i+1}ᵀ) ⊙ φ'(A_{i+1}) at this site. */
async function explaining(lower: Factors, upper: Factors, weight: Leaf): Promise<ActivationName[]> {
  const [rows, width] = [upper.input.rows, upper.input.cols];
  if (lower.uses !== 1 || upper.uses !== 1 || lower.delta.rows !== rows || lower.delta.cols !== width)
    return [];
  const values = (await numbersOf(weight)) as Floats;
  const passed = back(upper.delta, values, width, upper.isTransposed);
  return activationNames.filter((name) => {
    const { slope } = activations[name];
    const guess = passed.map((value, i) => value * slope(upper.input.data[i]!) - lower.delta.data[i]!);
    return norm(guess) <= tolerance(values) * norm(passed);
  });
}

const tolerance = (of: Floats): number => (of instanceof Float32Array ? 1e-4 : 1e-10);

/** Δ Wᵀ: [R, h]. */
function back(delta: Dense, weight: Floats, inputs: number, isTransposed: boolean): Float64Array {
  const outputs = delta.cols;
  const made = new Float64Array(delta.rows * inputs);
  for (let row = 0; row < delta.rows; row++)
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let j = 0; j < outputs; j++)
        sum += delta.data[row * outputs + j]! * weight[isTransposed ? j * inputs + i : i * outputs + j]!;
      made[row * inputs + i] = sum;
    }
  return made;
}

async function observeChain(seen: Observation, local: Local, params: readonly Leaf[]): Promise<Observation> {
  const factors = seen.outers.map(({ weight }) => local.factors.get(weight)!);
  const between: ActivationName[][] = [];
  for (let i = 0; i + 1 < factors.length; i++)
    between.push(await explaining(factors[i]!, factors[i + 1]!, params[seen.outers[i + 1]!.weight]!));
  return { ...seen, between };
}

function chainOf(plan: Plan, observations: readonly Observation[]): ChainPlan {
  const between = plan.outers.slice(0, -1).map((lower, i): ActivationName => {
    const upper = plan.outers[i + 1]!;
    const fits = activationNames.find((name) =>
      observations.every((seen) => seen.between?.[i]?.includes(name)),
    );
    if (fits !== undefined) return fits;
    throw new SharingError(
      `edAD goes back from layer to layer through ${activationNames.join(", ")} alone, one product a layer; ` +
        `what is between ${lower.name} and ${upper.name} is something else. Use dAD, which is as exact, or rank-dAD.`,
    );
  });
  if (plan.outers.length === 0)
    throw new SharingError("edAD found no product x.matmul(weight) with a parameter. Use dSGD.");
  return { ...plan, between };
}

/** From the last layer to the first, on the stacked rows. */
function recomputed(
  context: SiteContext,
  input: (unit: OuterUnit) => Tensor,
  last: Tensor,
): Map<OuterUnit, UnitGradient> {
  const { outers, between } = context.plan as ChainPlan;
  const made = new Map<OuterUnit, UnitGradient>();
  let delta = last;
  for (let i = outers.length - 1; i >= 0; i--) {
    const unit = outers[i]!;
    const below = input(unit);
    made.set(unit, fromFactors(unit, below, delta));
    if (i === 0) break;
    const weight = context.params[unit.weight] as unknown as Tensor;
    const name = between[i - 1]!;
    const passed = matmul(delta, unit.isTransposed ? weight : matrixTranspose(weight));
    delta = name === "linear" ? passed : mul(passed, activations[name].slopes(below));
  }
  return made;
}

/** That the chain is still what it was: a ReLU that was never off in the first step looked like another function. */
async function checkChain({ plan, local, params }: SiteContext): Promise<void> {
  const { outers, between } = plan as ChainPlan;
  for (let i = 0; i + 1 < outers.length; i++) {
    const [lower, upper] = [outers[i]!, outers[i + 1]!];
    const factors = [lower, upper].map(({ weight }) => local.factors.get(weight)!);
    const names = await explaining(factors[0]!, factors[1]!, params[upper.weight]!);
    if (names.includes(between[i]!) || !factors[0]!.delta.data.every(Number.isFinite)) continue;
    throw new SharingError(
      `Between ${lower.name} and ${upper.name} was ${between[i]!} in the first step, and it is ` +
        `${names.length === 0 ? "nothing that edAD knows" : names.join(" or ")} now. Use dAD, which is as exact.`,
    );
  }
}

export const edad: Method<null, null> = {
  sends: "the input A of every layer, and the delta Δ of the last",
  aggregates: "the rows of all sites, stacked",
  reconstructs: "the other deltas, backwards from the last, then AᵀΔ",
  isExact: true,
  isShared: true,
  isAllReducible: false,
  showsData: true,
  travels: "gradients",
  options(given) {
    checkOptionNames(given, [], "edAD");
    return null;
  },
  start: () => null,
  observe: observeChain,
  plan: (plan, observations) => chainOf(plan, observations),
  rounds: [
    {
      async send(context, _options, state) {
        await checkChain(context);
        const { outers } = context.plan;
        const factors = outers.map(({ weight }) => context.local.factors.get(weight)!);
        return {
          blocks: [
            ...outers.map(({ name }, i) => matrixBlock(name, "input", factors[i]!.input)),
            matrixBlock(outers.at(-1)!.name, "delta", factors.at(-1)!.delta),
            ...rawBlocks(context),
          ],
          state,
        };
      },
      aggregate: (messages, { plan }) => ({
        blocks: [
          ...plan.outers.map(({ name }) => stackBlocks(messages, name, "input")),
          stackBlocks(messages, plan.outers.at(-1)!.name, "delta"),
          ...sumRaws(messages, plan),
        ],
      }),
    },
  ],
  reconstruct(context, _options, state, received) {
    const [message] = received;
    const last = context.plan.outers.at(-1)!;
    const made = recomputed(
      context,
      (unit) => matrixTensor(context, unit, message!, "input"),
      matrixTensor(context, last, message!, "delta"),
    );
    return { gradients: gradientLeaves(context, received, (unit) => made.get(unit)!), state };
  },
  values({ unit, isLast, rows, site }) {
    const width = unit.inputs + (isLast ? unit.outputs : 0);
    return { up: rows[site]! * width, down: sumOf(rows) * width };
  },
};
