/** Reductions: one thread for each result, in two steps where the axis is long, which is also more exact. */
import type { Kernels, ReduceName, View } from "../../engine.js";
import { rowMajor } from "../../../tensor/shape.js";
import { sizeOf } from "../../reference/kernels/elements.js";
import { mergedAxes } from "../../axes.js";
import { loops } from "../loops.js";
import type { Runner } from "../runner.js";
import { places, program, split } from "../source.js";

/** A longer axis is reduced in pieces. */
const LONG = 128;

interface Fold {
  /** The value before the first element; undefined: the first element. */
  readonly first?: string;
  /** Lines that take x into m. */
  readonly lines: readonly string[];
}

/** Unordered (a NaN among them), neither comparison holds, and the sum is NaN. */
const extreme = (better: string, worse: string): Fold => ({
  lines: ["let u = x + m;", `if (x ${better} m) { u = x; }`, `if (x ${worse} m) { u = m; }`, "m = u;"],
});

const folds: Readonly<Partial<Record<ReduceName, Fold>>> = {
  sum: { first: "0", lines: ["m = m + x;"] },
  prod: { first: "1", lines: ["m = m * x;"] },
  max: extreme(">", "<="),
  min: extreme("<", ">="),
};

/** Of a view: the axes that are kept, and those that are not. */
const kept = ({ shape, strides, offset }: View, keep: number) => ({
  shape: shape.slice(0, keep),
  strides: strides.slice(0, keep),
  offset,
});
const reduced = ({ shape, strides }: View, keep: number) => ({
  shape: shape.slice(keep),
  strides: strides.slice(keep),
  offset: 0,
});

function foldSource({ first, lines }: Fold, x: View, keep: number): string {
  const [rows, inner] = [kept(x, keep), reduced(x, keep)];
  const { lines: finding, at } = places("t", rows.shape, [rows]);
  return program(["xs"], [
    ...finding,
    `const base = ${at[0]};`,
    // A number that is certainly not an integer to the compiler.
    first === undefined ? "let m = xs[base];" : `let m = xs[base] * 0 + ${first};`,
    ...loops(inner.shape, [inner], ["base"], ([place]) => [`const x = xs[${place}];`, ...lines]),
    "return m;",
  ]); // prettier-ignore
}

/** Pieces of the one axis that is reduced: [...kept, pieces] results. */
function piecesSource(
  { first, lines }: Fold,
  x: View,
  keep: number,
  length: number,
  step: number,
  piece: number,
): string {
  const pieces = Math.ceil(length / piece);
  const rows = kept(x, keep);
  const { lines: finding, at } = places("row", rows.shape, [rows]);
  return program(["xs"], [
    ...split("t", pieces, "row", "p"),
    ...finding,
    `const base = ${at[0]};`,
    `const start = p * ${piece};`,
    first === undefined ? `let m = xs[base + start * ${step}];` : `let m = xs[base + start * ${step}] * 0 + ${first};`,
    `for (let i = 0; i < ${piece}; i++) {`,
    `if (start + i < ${length}) {`,
    `const x = xs[base + (start + i) * ${step}];`,
    ...lines,
    "}",
    "}",
    "return m;",
  ]); // prettier-ignore
}

/** The place of the first best element, or of the first NaN. */
function placeSource(better: string, worse: string, x: View, keep: number): string {
  const [rows, inner] = [kept(x, keep), reduced(x, keep)];
  const { lines: finding, at } = places("t", rows.shape, [rows]);
  return program(["xs"], [
    ...finding,
    `const base = ${at[0]};`,
    "let m = xs[base];",
    "let best = 0.5 - 0.5;",
    "let n = 0.5 - 0.5;",
    "let nan = 1.5 - 0.5;",
    `if (m ${worse} m) { nan = 0.5 - 0.5; }`,
    ...loops(inner.shape, [inner], ["base"], ([place]) => [
      `const x = xs[${place}];`,
      "let ordered = 0.5 - 0.5;",
      `if (x ${worse} m) { ordered = 1.5 - 0.5; }`,
      `if (x ${better} m) { ordered = 1.5 - 0.5; if (nan < 0.5) { m = x; best = n; } }`,
      "if (ordered < 0.5 && nan < 0.5) { nan = 1.5 - 0.5; best = n; }",
      "n = n + 1;",
    ]),
    "return best;",
  ]); // prettier-ignore
}

export const reduceWith =
  (run: Runner, copy: (x: View) => ReturnType<Kernels["copy"]> | null) =>
  (name: ReduceName, x: View, keep: number): ReturnType<Kernels["reduce"]> | null => {
    const shape = x.shape.slice(0, keep);
    if (name === "argmax") return run([x], shape, () => placeSource(">", "<=", x, keep), "int32");
    if (name === "argmin") return run([x], shape, () => placeSource("<", ">=", x, keep), "int32");
    const fold = folds[name]!;
    const length = sizeOf(x.shape.slice(keep));
    if (length <= LONG) return run([x], shape, () => foldSource(fold, x, keep));
    const inner = reduced(x, keep);
    const axes = mergedAxes(inner.shape, [inner]);
    if (axes.length > 1) {
      const storage = copy(x);
      return (
        storage &&
        reduceWith(run, copy)(name, { storage, shape: x.shape, strides: rowMajor(x.shape), offset: 0 }, keep)
      );
    }
    const piece = Math.ceil(Math.sqrt(length));
    const pieces = Math.ceil(length / piece);
    const partial = run([x], [...shape, pieces], () =>
      piecesSource(fold, x, keep, length, axes[0]!.steps[0]!, piece),
    );
    if (partial === null) return null;
    const view = {
      storage: partial,
      shape: [...shape, pieces],
      strides: rowMajor([...shape, pieces]),
      offset: 0,
    };
    const result = run([view], shape, () => foldSource(fold, view, keep));
    partial.dispose();
    return result;
  };
