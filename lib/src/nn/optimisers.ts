/** Optimisers: one row each, how a leaf of the parameters moves; over trees of tensors and numbers. */
import { OptionError } from "../errors.js";
import { checkFinite, checkOptionNames, checkPositive } from "../options.js";
import { storagesIn } from "../tensor/tidy.js";
import { scopes } from "../tensor/scope.js";
import { isTensor, type Tensor } from "../tensor/tensor.js";
import { flatten, flattenLike } from "../tree/tree.js";
import { add, div, mul, type TensorOrNumber, sqrt, square, sub, zeroOf } from "./leaf-arithmetic.js";
import type { Schedule } from "./schedules.js";

/** The learning rate: a number, or a function of the step, from 0. */
export type Rate = number | Schedule;

export interface OptimiserState {
  /** How many updates there were. */
  readonly step: number;
  /** What is remembered of each leaf; memory of the optimiser's own, given back when the next state is made. */
  readonly memory: readonly (readonly TensorOrNumber[])[];
}

export interface Optimiser {
  init(params: unknown): OptimiserState;
  /**
   * One step. The parameters are not changed: new ones are returned, in the same form.
   * @throws TreeError when the gradients have another form
   */
  update<P>(
    params: P,
    gradients: unknown,
    state: OptimiserState,
  ): { readonly params: P; readonly state: OptimiserState };
}

/** @returns the new leaf, and what is to be remembered of it */
type Move = (
  leaf: TensorOrNumber,
  gradient: TensorOrNumber,
  memory: readonly TensorOrNumber[],
  rate: number,
  step: number,
) => readonly [leaf: TensorOrNumber, ...memory: TensorOrNumber[]];

/** @param slots how many tensors are remembered of each leaf */
function optimiser(rate: Rate, slots: number, move: Move): Optimiser {
  if (typeof rate === "number") checkPositive(rate, "rate");
  return {
    init(params) {
      const { leaves } = flatten(params, "params");
      return {
        step: 0,
        memory: (leaves as readonly TensorOrNumber[]).map((leaf) =>
          Array.from({ length: slots }, () => zeroOf(leaf)),
        ),
      };
    },
    update(params, gradients, state) {
      const flat = flatten(params, "params");
      const given = flattenLike(gradients, flat, "gradients") as readonly TensorOrNumber[];
      if (state.memory.length !== flat.leaves.length)
        throw new OptionError(
          `This state is of ${state.memory.length} parameters; there are ${flat.leaves.length}. Make one with init(params).`,
        );
      const now = typeof rate === "number" ? rate : rate(state.step);
      const moved = scopes.within(
        () =>
          (flat.leaves as readonly TensorOrNumber[]).map((leaf, i) =>
            move(leaf, given[i]!, state.memory[i]!, now, state.step + 1),
          ),
        (result) => result.flatMap((leaves) => leaves.flatMap((leaf) => storagesIn(leaf))),
      );
      const kept = new Set(moved.flatMap(([, ...memory]) => memory.flatMap((leaf) => storagesIn(leaf))));
      for (const leaf of state.memory.flat())
        if (isTensor(leaf) && !kept.has(leaf.plain.view.storage)) leaf.dispose();
      return {
        params: flat.rebuild(moved.map(([leaf]) => leaf)) as typeof params,
        state: { step: state.step + 1, memory: moved.map(([, ...memory]) => memory) },
      };
    },
  };
}

/** p ← p − rate · g */
export function sgd(options: { readonly rate: Rate }): Optimiser {
  checkOptionNames(options, ["rate"], "sgd");
  return optimiser(options.rate, 0, (p, g, _memory, rate) => [sub(p, mul(g, rate))]);
}

export interface MomentumOptions {
  readonly rate: Rate;
  /** How much of the last velocity stays (0.9). */
  readonly momentum?: number;
  readonly nesterov?: boolean;
}

/** v ← μ v + g; p ← p − rate · v, or with Nesterov's look ahead p − rate · (g + μ v). */
export function momentum(options: MomentumOptions): Optimiser {
  checkOptionNames(options, ["rate", "momentum", "nesterov"], "momentum");
  const mu = checkFinite(options.momentum ?? 0.9, "momentum");
  return optimiser(options.rate, 1, (p, g, [v], rate) => {
    const next = add(mul(v!, mu), g);
    const along = options.nesterov ? add(g, mul(next, mu)) : next;
    return [sub(p, mul(along, rate)), next];
  });
}

export interface AdamOptions {
  readonly rate: Rate;
  /** Of the mean of gradients (0.9) and of their squares (0.999). */
  readonly beta1?: number;
  readonly beta2?: number;
  /** Added to the root (1e-8). */
  readonly epsilon?: number;
  /** Decoupled, as in AdamW: p ← (1 − rate · decay) p (0). */
  readonly decay?: number;
}

/** @see Kingma and Ba (2015), Algorithm 1; Loshchilov and Hutter (2019) for the decay */
export function adam(options: AdamOptions): Optimiser {
  checkOptionNames(options, ["rate", "beta1", "beta2", "epsilon", "decay"], "adam");
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 } = options;
  return optimiser(options.rate, 2, (p, g, [m, v], rate, step) => {
    const mean = add(mul(m!, beta1), mul(g, 1 - beta1));
    const squares = add(mul(v!, beta2), mul(square(g), 1 - beta2));
    // The two corrections of the bias, as factors.
    const first = rate / (1 - beta1 ** step);
    const root = add(mul(sqrt(squares), 1 / Math.sqrt(1 - beta2 ** step)), epsilon);
    const kept = decay === 0 ? p : mul(p, 1 - rate * decay);
    return [sub(kept, mul(div(mean, root), first)), mean, squares];
  });
}

/**
 * Gradients scaled down so that their norm, over all leaves, is at most `most`.
 * @returns the gradients, and the norm that they had
 */
export function clipByGlobalNorm<G>(
  gradients: G,
  most: number,
): { readonly gradients: G; readonly norm: number } {
  checkPositive(most, "most");
  const flat = flatten(gradients, "gradients");
  const squares = (flat.leaves as readonly TensorOrNumber[]).map((leaf) =>
    isTensor(leaf) ? numberOf(leaf) : leaf * leaf,
  );
  const norm = Math.sqrt(squares.reduce((total, one) => total + one, 0));
  // A norm of NaN or ∞ is not hidden: it stays in the gradients.
  if (norm <= most) return { gradients, norm };
  return {
    gradients: flat.rebuild(
      (flat.leaves as readonly TensorOrNumber[]).map((leaf) => mul(leaf, most / norm)),
    ) as G,
    norm,
  };
}

function numberOf(leaf: Tensor): number {
  const total = leaf.square().sum();
  const number = total.item();
  total.dispose();
  return number;
}
