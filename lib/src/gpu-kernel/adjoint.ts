/**
 * The adjoint of a kernel, derived: for each argument, and each way in which its elements are found, a kernel that differentiates
 * forwards with that element's tangent 1. A thread cannot scatter, so what several threads would add to one element is written
 * apart and summed afterwards.
 */
import { call } from "../tensor/registry.js";
import { sameShape, type Shape, shapeText } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { expression } from "./expressions.js";
import { kernelText, type Pattern, type Question, type Setting } from "./program.js";
import { lengthOf, type Reduction, reductionOf, withSumTangent } from "./reduction.js";
import { statement } from "./statements.js";
import { GpuKernelError, type KernelSyntax } from "./syntax.js";

/** Run a derived kernel: its arguments, and what it is given besides. */
export type Launch = (source: (setting: Setting) => string, extra: readonly Tensor[], shape: Shape) => Tensor;

const ONE = "(1.5 - 0.5)";
const keyOf = (pattern: Pattern) => pattern?.join() ?? "?";

/** In which ways the elements of each argument are found. */
function patternsOf(setting: Setting, loopVariable: string | undefined): Map<number, Map<string, Pattern>> {
  const found = new Map<number, Map<string, Pattern>>();
  kernelText(setting, {
    loopVariable,
    tangent(argument, _place, pattern) {
      const own = found.get(argument) ?? new Map<string, Pattern>();
      found.set(argument, own.set(keyOf(pattern), pattern));
      return null;
    },
  });
  return found;
}

const remedy = `Give its adjoint yourself: gpuKernel(f, { vjp: (yBar, …) => […] }).`;

function underivable(syntax: KernelSyntax, argument: number, why: string): never {
  throw new GpuKernelError(
    `${syntax.name}: the adjoint of "${syntax.parameters[argument]}" cannot be derived, because ${why}. ${remedy}`,
  );
}

/**
 * @param wants which arguments' adjoints are asked for
 * @returns one for each argument; undefined where none is asked for, or the result does not depend on it
 * @throws GpuKernelError where a kernel is neither elementwise nor a sum over one loop, saying why
 */
export function adjoints(
  setting: Setting,
  wants: readonly boolean[],
  yBar: Tensor,
  launch: Launch,
): (Tensor | undefined)[] {
  const { syntax } = setting;
  const hasLoop = syntax.body.some((node) => node.type === "ForStatement");
  const reduction = hasLoop ? reductionOf(syntax) : null;
  const length = reduction && lengthOf(reduction, setting);
  const patterns = patternsOf(setting, reduction?.variable);
  const parts =
    reduction && length !== null
      ? ofSum(reduction, length, setting, yBar, launch)
      : ofElements(setting, yBar, launch);
  return wants.map((wanted, argument) => {
    const own = patterns.get(argument);
    if (!wanted || !own) return undefined;
    if (hasLoop && (reduction === null || length === null))
      underivable(
        syntax,
        argument,
        "its loop is not a sum: for (let i = 0; i < n; i++) { s += …; } with a constant n",
      );
    if (own.has("?"))
      underivable(
        syntax,
        argument,
        "an index of it is neither this.thread.x, y or z nor the variable of a loop that sums",
      );
    let sum: Tensor | undefined;
    for (const pattern of own.values()) {
      if (new Set(pattern).size < pattern!.length)
        underivable(syntax, argument, "two of its indices are the same");
      for (const part of parts(argument, pattern!)) sum = sum ? call("add", [sum, part], undefined) : part;
    }
    const { shape } = setting.views[argument]!;
    if (sum && !sameShape(sum.shape, shape))
      underivable(
        syntax,
        argument,
        `its shape is ${shapeText(shape)}, of which the threads read ${shapeText(sum.shape)}`,
      );
    return sum;
  });
}

/** Contributions to an argument's adjoint, by the way in which its elements are found. */
type Parts = (argument: number, pattern: readonly string[]) => Tensor[];

const seeded =
  (argument: number, pattern: readonly string[]): NonNullable<Question["tangent"]> =>
  (other, _place, found) =>
    other === argument && keyOf(found) === keyOf(pattern) ? ONE : null;

/** ȳ times the tangent. */
const timesBar: NonNullable<Question["result"]> = ({ d }) => [`return ${d ?? "(0.5 - 0.5)"} * bar[row];`];

const axesOfOutput = (output: Shape): string[] => ["z", "y", "x"].slice(3 - output.length);

/** From a tensor over all axes to one over those of a pattern, in its order. */
function onto(full: Tensor, axes: readonly string[], pattern: readonly string[]): Tensor {
  const gone = axes.flatMap((axis, i) => (pattern.includes(axis) ? [] : [i]));
  const left = axes.filter((axis) => pattern.includes(axis));
  const summed = gone.length > 0 ? call("sum", [full], gone) : full;
  const order = pattern.map((axis) => left.indexOf(axis));
  return order.every((from, to) => from === to) ? summed : call("transpose", [summed], order);
}

const ofElements =
  (setting: Setting, yBar: Tensor, launch: Launch): Parts =>
  (argument, pattern) => {
    const source = (on: Setting) =>
      kernelText(on, { extra: ["bar"], tangent: seeded(argument, pattern), result: timesBar });
    return [onto(launch(source, [yBar], setting.output), axesOfOutput(setting.output), pattern)];
  };

function ofSum(reduction: Reduction, length: number, setting: Setting, yBar: Tensor, launch: Launch): Parts {
  const { output } = setting;
  const { variable: loopVariable } = reduction;
  // ȳ times the slope of the result in the sum.
  const slope = (on: Setting) =>
    kernelText(on, { extra: ["bar"], loop: withSumTangent(reduction, ONE), result: timesBar });
  const weight = launch(slope, [yBar], output);
  return (argument, pattern) => {
    const tangent = seeded(argument, pattern);
    const terms = (on: Setting) =>
      kernelText(on, { extra: ["bar"], tangent, loopVariable, along: length, result: timesBar }, (writer) => {
        for (const node of setting.syntax.body.slice(0, setting.syntax.body.indexOf(reduction.loop)))
          statement(node, writer);
        writer.bind(loopVariable, "li");
        for (const node of reduction.before) statement(node, writer);
        writer.lines.push(...timesBar(expression(reduction.term, writer)));
      });
    const through = onto(
      launch(terms, [weight], [...output, length]),
      [...axesOfOutput(output), "i"],
      pattern,
    );
    if (pattern.includes("i")) return [through];
    const beside = (on: Setting) =>
      kernelText(on, {
        extra: ["bar"],
        tangent,
        loopVariable,
        loop: withSumTangent(reduction, "(0.5 - 0.5)"),
        result: timesBar,
      });
    return [through, onto(launch(beside, [yBar], output), axesOfOutput(output), pattern)];
  };
}
