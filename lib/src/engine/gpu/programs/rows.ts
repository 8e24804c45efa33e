/** Softmax and layer normalisation over the last axis: what is known of a row first, then each element. */
import type { Storage, View } from "../../engine.js";
import { rowMajor } from "../../../tensor/shape.js";
import { loops } from "../loops.js";
import type { Runner } from "../runner.js";
import { places, program } from "../source.js";

type Names = readonly string[];

const lastAxis = (view: View) => ({ shape: view.shape.slice(-1), strides: view.strides.slice(-1) });
const rowsOf = (view: View) => ({
  shape: view.shape.slice(0, -1),
  strides: view.strides.slice(0, -1),
  offset: view.offset,
});

/** One thread for each row. @param lines around the loop, whose body sees an element of each view by its name */
function rowSource(
  names: Names,
  views: readonly View[],
  stats: Names,
  { before, each, after }: { before: Names; each: Names; after: Names },
): string {
  const { lines, at } = places("t", views[0]!.shape.slice(0, -1), views.map(rowsOf));
  return program([...names.map((name) => `${name}s`), ...stats.map((name) => `${name}s`)], [
    ...lines,
    ...names.map((name, i) => `const ${name}Base = ${at[i]};`),
    ...stats.map((name) => `const ${name} = ${name}s[t];`),
    ...before,
    ...loops(views[0]!.shape.slice(-1), views.map(lastAxis), names.map((name) => `${name}Base`), (place) => [
      ...names.map((name, i) => `const ${name} = ${name}s[${place[i]}];`),
      ...each,
    ]),
    ...after,
  ]); // prettier-ignore
}

/** One thread for each element. */
function elementSource(names: Names, views: readonly View[], stats: Names, line: string): string {
  const { shape } = views[0]!;
  // What is known of a row is a view that stands still along it.
  const perRow: Pick<View, "strides" | "offset"> = {
    strides: [...rowMajor(shape.slice(0, -1)), 0],
    offset: 0,
  };
  const { lines, at } = places("t", shape, [...views, perRow]);
  return program([...names.map((name) => `${name}s`), ...stats.map((name) => `${name}s`)], [
    ...lines,
    ...names.map((name, i) => `const ${name} = ${name}s[${at[i]}];`),
    ...stats.map((name) => `const ${name} = ${name}s[${at.at(-1)}];`),
    line,
  ]); // prettier-ignore
}

const ZERO = "0.5 - 0.5";

/** A step: what is computed, as a view of one number for each row or of one for each element. */
function steps(run: Runner, names: Names, views: readonly View[]) {
  const { shape } = views[0]!;
  const rows = shape.slice(0, -1);
  const made: Storage[] = [];
  const statView = (storage: Storage): View => ({ storage, shape: rows, strides: rowMajor(rows), offset: 0 });
  return {
    row(
      stats: Names,
      known: readonly Storage[],
      parts: { before: Names; each: Names; after: Names },
    ): Storage | null {
      const storage = run([...views, ...known.map(statView)], rows, () =>
        rowSource(names, views, stats, parts),
      );
      if (storage) made.push(storage);
      return storage;
    },
    element(stats: Names, known: readonly Storage[], line: string): Storage | null {
      const result = run([...views, ...known.map(statView)], shape, () =>
        elementSource(names, views, stats, line),
      );
      for (const storage of made) storage.dispose();
      return result;
    },
  };
}

export const softmaxWith =
  (run: Runner) =>
  (x: View): Storage | null => {
    const step = steps(run, ["x"], [x]);
    const most = step.row([], [], {
      before: ["let m = xs[xBase];"],
      // Unordered, it is the sum: NaN.
      each: ["let u = x + m;", "if (x > m) { u = x; }", "if (x <= m) { u = m; }", "m = u;"],
      after: ["return m;"],
    });
    const sum =
      most &&
      step.row(["m"], [most], {
        before: [`let s = ${ZERO};`],
        each: ["s = s + Math.exp(x - m);"],
        after: ["return s;"],
      });
    return sum && step.element(["m", "s"], [most, sum], "return Math.exp(x - m) / s;");
  };

export const softmaxVjpWith =
  (run: Runner) =>
  (y: View, yBar: View): Storage | null => {
    const step = steps(run, ["y", "b"], [y, yBar]);
    const mean = step.row([], [], {
      before: [`let s = ${ZERO};`],
      each: ["s = s + y * b;"],
      after: ["return s;"],
    });
    return mean && step.element(["s"], [mean], "return y * (b - s);");
  };

/** Mean and 1/√(variance + epsilon) of the rows of the first view. */
function moments(step: ReturnType<typeof steps>, size: number, epsilon: number): [Storage, Storage] | null {
  const mean = step.row([], [], {
    before: [`let s = ${ZERO};`],
    each: ["s = s + x;"],
    after: [`return s / ${size};`],
  });
  const scale =
    mean &&
    step.row(["mean"], [mean], {
      before: [`let s = ${ZERO};`],
      each: ["s = s + (x - mean) * (x - mean);"],
      after: [`return 1 / Math.sqrt(s / ${size} + ${epsilon});`],
    });
  return scale && [mean, scale];
}

export const layerNormWith =
  (run: Runner) =>
  (x: View, epsilon: number): Storage | null => {
    const step = steps(run, ["x"], [x]);
    const known = moments(step, x.shape.at(-1)!, epsilon);
    return known && step.element(["mean", "scale"], known, "return (x - mean) * scale;");
  };

export const layerNormVjpWith =
  (run: Runner) =>
  (x: View, yBar: View, epsilon: number): Storage | null => {
    const size = x.shape.at(-1)!;
    const step = steps(run, ["x", "b"], [x, yBar]);
    const known = moments(step, size, epsilon);
    if (known === null) return null;
    const shift = step.row([], [], {
      before: [`let s = ${ZERO};`],
      each: ["s = s + b;"],
      after: [`return s / ${size};`],
    });
    const along = step.row(["mean", "scale"], known, {
      before: [`let s = ${ZERO};`],
      each: ["s = s + b * (x - mean) * scale;"],
      after: [`return s / ${size};`],
    });
    if (shift === null || along === null) return null;
    return step.element(
      ["mean", "scale", "shift", "along"],
      [...known, shift, along],
      "return (b - shift - (x - mean) * scale * along) * scale;",
    );
  };
