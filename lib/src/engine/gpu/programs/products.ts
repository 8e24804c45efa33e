/** Products of matrices, and attention made of them. */
import type { Storage, View } from "../../engine.js";
import { rowMajor } from "../../../tensor/shape.js";
import type { Runner } from "../runner.js";
import { literal, places, program, split } from "../source.js";
import { softmaxWith } from "./rows.js";

const batchOf = ({ strides, offset }: View) => ({ strides: strides.slice(0, -2), offset });

/** One thread for each element of scale · a b. */
function matmulSource(a: View, b: View, scale: number): string {
  const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const { lines, at } = places("s", a.shape.slice(0, -2), [batchOf(a), batchOf(b)]);
  const [rowA, stepA] = a.strides.slice(-2).map(literal);
  const [rowB, stepB] = b.strides.slice(-2).map(literal);
  return program(["as", "bs"], [
    ...split("t", n, "r", "j"),
    ...split("r", m, "s", "i"),
    ...lines,
    `const fromA = ${at[0]} + i * ${rowA};`,
    `const fromB = ${at[1]} + j * ${stepB};`,
    // Not begun with a literal, which would be an integer to the compiler.
    "let sum = 0.5 - 0.5;",
    `for (let l = 0; l < ${k}; l++) {`,
    `sum = sum + as[fromA + l * ${stepA}] * bs[fromB + l * ${rowB}];`,
    "}",
    scale === 1 ? "return sum;" : `return sum * ${literal(scale)};`,
  ]); // prettier-ignore
}

const productShape = (a: View, b: View) => [...a.shape.slice(0, -1), b.shape.at(-1)!];

export const matmulWith =
  (run: Runner, scale = 1) =>
  (a: View, b: View): Storage | null =>
    run([a, b], productShape(a, b), () => matmulSource(a, b, scale));

const dense = (storage: Storage, shape: readonly number[]): View => ({
  storage,
  shape,
  strides: rowMajor(shape),
  offset: 0,
});

function transposed({ shape, strides, ...rest }: View): View {
  const swap = (list: readonly number[]) => [...list.slice(0, -2), list.at(-1)!, list.at(-2)!];
  return { ...rest, shape: swap(shape), strides: swap(strides) };
}

/** The weights are stored on the way: a kernel has no memory that its threads share. */
export const attentionWith =
  (run: Runner) =>
  (q: View, k: View, v: View, scale: number): Storage | null => {
    const keys = transposed(k);
    const scores = matmulWith(run, scale)(q, keys);
    if (scores === null) return null;
    const shape = productShape(q, keys);
    const weights = softmaxWith(run)(dense(scores, shape));
    scores.dispose();
    if (weights === null) return null;
    const result = matmulWith(run)(dense(weights, shape), v);
    weights.dispose();
    return result;
  };
