/** grad: the gradient of a function that returns one number. */
import { checkCount, checkOptionNames } from "../options.js";
import { isLeafObject } from "../ad/leaves.js";
import type { Leaf } from "../ad/recorded.js";
import { type FactorHook, tellingFactors } from "../tensor/factors.js";
import { scopes } from "../tensor/scope.js";
import { storagesIn } from "../tensor/tidy.js";
import { plainGradient } from "../tape/sweep.js";
import { TreeError } from "../tree/tree.js";
import { pullBack, recordCall, type Recording } from "./vjp.js";
import type { Differentiable, Plain, PlainArgs } from "./types.js";

export interface GradOptions {
  /** Which argument to differentiate with respect to; the first (0) when not given. */
  readonly argnum?: number;
  /** Told of the two factors of every weight's gradient, W̄ = AᵀΔ, as the sweep meets them. Read them there, or keep() them. */
  readonly factors?: FactorHook;
}

/** What is not differentiated may be anything. */
export function withFixed(f: Differentiable, args: readonly unknown[], argnum: number): Differentiable {
  // By far the most frequent ones, without a list of arguments for each call.
  if (args.length === 1) return f;
  if (argnum === 0 && args.length === 2) return (free: unknown) => f(free, args[1]);
  return (free: unknown) => f(...args.map((arg, i) => (i === argnum ? free : arg)));
}

export function checkGradOptions(options: GradOptions, of: string): number {
  checkOptionNames(options, ["argnum", "factors"], of);
  return checkCount(options.argnum ?? 0, "argnum", 0, 100);
}

function checkArgnum(argnum: number, args: readonly unknown[]): void {
  if (argnum >= args.length)
    throw new TreeError(`argnum is ${argnum}, but the function was called with ${args.length} arguments.`);
}

/** @throws TreeError when the result is not one number */
export function onlyResult({ result }: Recording, of: string): Leaf {
  const [leaf] = result.leaves;
  const isNumber = result.isLeaf;
  const shape = isNumber && isLeafObject(leaf) ? (leaf as unknown as { shape: readonly number[] }).shape : [];
  if (isNumber && shape.length === 0) return leaf!;
  const got = isNumber ? `a tensor of the shape [${shape.join(", ")}]` : `${result.leaves.length} values (${result.paths.slice(0, 3).join(", ")}${result.paths.length > 3 ? ", …" : ""})`; // prettier-ignore
  throw new TreeError(
    `${of} needs a function that returns one number; this one returned ${got}. See jacobian and vjp.`,
  );
}

const one = (leaf: Leaf): Leaf => (isLeafObject(leaf) ? (leaf as unknown as { ones(): Leaf }).ones() : 1);

/** The gradient, from a tape that is needed no more: what it and the sweep made is given back. */
function sweptOnce(recording: Recording, tell: FactorHook | undefined, keepsValue: boolean): unknown {
  const { tape, value } = recording;
  const result = onlyResult(recording, "grad");
  if (tape.level === 0 && typeof value === "number") {
    const gradient = plainGradient(tape, recording.outputs[0]!);
    if (gradient !== null) {
      tape.release();
      return recording.args[0]!.rebuild(gradient);
    }
  }
  const pull = () => tellingFactors(tape, tell, () => pullBack(recording, one(result))[0]);
  if (tape.level > 0 || tape.ownObjects === null) {
    const gradient = pull();
    tape.release();
    return gradient;
  }
  // A view may show the storage of an argument; what is made new is on the list of the tape alone.
  const gradient = scopes.within(pull, storagesIn);
  const needed = new Set([...(keepsValue ? storagesIn(value) : []), ...storagesIn(gradient)]);
  for (const storage of tape.storages) if (!needed.has(storage) && !scopes.isKept(storage)) storage.dispose();
  tape.release();
  return gradient;
}

/** As `grad`, and the value with it: [value, gradient]. */
export function valueAndGrad<A extends unknown[], R>(
  f: (...args: A) => R,
  options: GradOptions = {},
): (...args: PlainArgs<A>) => [value: Plain<R>, gradient: Plain<A[0]>] {
  const argnum = checkGradOptions(options, "valueAndGrad");
  return (...args) => {
    checkArgnum(argnum, args);
    const recording = recordCall(withFixed(f as Differentiable, args, argnum), [args[argnum]], true);
    const gradient = sweptOnce(recording, options.factors, true) as Plain<A[0]>;
    return [recording.value as Plain<R>, gradient];
  };
}

/**
 * The gradient of f with respect to its first argument (or the one that `argnum` names), in that argument's form.
 *
 * @throws TreeError when f returns anything but one number
 * @example
 * const slope = grad((x: number) => { "use ad"; return x * x; });
 * if (slope(3) !== 6) throw new Error("that is not its slope");
 */
export function grad<A extends unknown[], R>(
  f: (...args: A) => R,
  options: GradOptions = {},
): (...args: PlainArgs<A>) => Plain<A[0]> {
  const argnum = checkGradOptions(options, "grad");
  return (...args) => {
    checkArgnum(argnum, args);
    const recording = recordCall(withFixed(f as Differentiable, args, argnum), [args[argnum]], true);
    return sweptOnce(recording, options.factors, false) as Plain<A[0]>;
  };
}
