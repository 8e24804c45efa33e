/**
 * The two factors of the gradient of a weight: W̄ = Aᵀ Δ, where A goes into the product and Δ is the adjoint of what comes
 * out. What dAD sends instead of the gradient, and what the view of ranks shows.
 * @see Baker et al. (2021), eq. (1)
 */
import type { Tape } from "../tape/tape.js";
import type { Tensor } from "./tensor.js";

export interface OuterProduct {
  /** Where the weight is in the argument that is differentiated, as in "argument.layers[0].weight". */
  readonly parameter: string;
  /** The node of the weight on the tape, which is one of its inputs. */
  readonly weight: number;
  /** The node of the call whose adjoint it is part of: the product, or a block that was checkpointed and has it inside. */
  readonly product: number;
  /** [rows, inputs] what the weight was multiplied by: A. */
  readonly input: Tensor;
  /** [rows, outputs] the adjoint of the product: Δ. */
  readonly delta: Tensor;
  /** Whether the weight was used as its transpose [outputs, inputs]: then W̄ = Δᵀ A. */
  readonly isTransposed: boolean;
  /** Whether the weight is many matrices [..., inputs, outputs], each with rows of its own: then W̄ is no single product. */
  readonly isBatched: boolean;
}

export type FactorHook = (factors: OuterProduct) => void;

let hook: { readonly tape: Tape; readonly tell: FactorHook } | null = null;

/** Run a reverse sweep over a tape, telling of every product with a parameter of it. */
export function tellingFactors<T>(tape: Tape, tell: FactorHook | undefined, body: () => T): T {
  if (tell === undefined) return body();
  const outer = hook;
  hook = { tape, tell };
  try {
    return body();
  } finally {
    hook = outer;
  }
}

/** Whether somebody asks for factors. */
export const areFactorsWanted = (): boolean => hook !== null;

/** Called with the operands one level below the tape, where its inputs are kept too. */
export function notedFactors(weight: Tensor, input: Tensor, delta: Tensor): void {
  if (hook === null) return;
  const found = parameterOf(hook.tape, weight);
  if (found === null) return;
  const { name: parameter, weight: node, isTransposed } = found;
  const isBatched = weight.shape.slice(0, -2).some((extent) => extent !== 1);
  hook.tell({ parameter, weight: node, product: hook.tape.sweptCall, input, delta, isTransposed, isBatched });
}

interface FoundParameter {
  readonly name: string;
  readonly weight: number;
  readonly isTransposed: boolean;
}

function parameterOf(tape: Tape, weight: Tensor): FoundParameter | null {
  for (const [node, name] of tape.inputs) {
    const value = tape.objects.get(node) as Tensor | undefined;
    if (value === undefined) continue;
    if (value === weight || isSameView(weight, value)) return { name, weight: node, isTransposed: false };
    if (isTransposeOf(weight, value)) return { name, weight: node, isTransposed: true };
  }
  return null;
}

/** Another tensor that shows the same numbers in the same way. */
function isSameView(weight: Tensor, parameter: Tensor): boolean {
  const [a, b] = [weight.plain.view, parameter.plain.view];
  const isSame = (x: readonly number[], y: readonly number[]) =>
    x.length === y.length && x.every((n, i) => n === y[i]);
  return (
    a.storage === b.storage &&
    a.offset === b.offset &&
    isSame(a.shape, b.shape) &&
    isSame(a.strides, b.strides)
  );
}

/** A view of the same storage with its two axes exchanged. */
function isTransposeOf(weight: Tensor, parameter: Tensor): boolean {
  const [a, b] = [weight.plain.view, parameter.plain.view];
  return (
    a.storage === b.storage &&
    a.offset === b.offset &&
    a.shape.length === 2 &&
    b.shape.length === 2 &&
    a.strides[0] === b.strides[1] &&
    a.strides[1] === b.strides[0]
  );
}
