/** Kernels with one element of each argument for each element of the result. */
import type { Kernels, View } from "../../engine.js";
import { places, program } from "../source.js";
import type { Runner } from "../runner.js";
import { mapLines } from "./map-expressions.js";
import { zipLines } from "./zip-expressions.js";

type Own<K extends keyof Kernels> = (...args: Parameters<Kernels[K]>) => ReturnType<Kernels[K]> | null;

/** Lines in which each of the names is an element. */
function elementwise(names: readonly string[], views: readonly View[], lines: readonly string[]): string {
  const { lines: finding, at } = places("t", views[0]!.shape, views);
  const reading = names.map((name, i) => `const ${name} = ${name}s[${at[i]}];`);
  return program(names.map((name) => `${name}s`), [...finding, ...reading, ...lines]); // prettier-ignore
}

export const mapWith =
  (run: Runner): Own<"map"> =>
  (name, x) => {
    const lines = mapLines[name];
    return lines ? run([x], x.shape, () => elementwise(["x"], [x], lines)) : null;
  };

export const zipWith =
  (run: Runner): Own<"zip"> =>
  (name, a, b) => {
    const lines = zipLines[name];
    return lines ? run([a, b], a.shape, () => elementwise(["a", "b"], [a, b], lines)) : null;
  };

export const whereWith =
  (run: Runner): Own<"where"> =>
  (condition, a, b) =>
    run([condition, a, b], a.shape, () =>
      elementwise(["c", "a", "b"], [condition, a, b], ["if (c == 0) { return b; }", "return a;"]),
    );

export const copyWith =
  (run: Runner): Own<"copy"> =>
  (x) =>
    run([x], x.shape, () => elementwise(["x"], [x], ["return x;"]));
