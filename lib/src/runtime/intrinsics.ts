/** Functions of JavaScript that code may hold by another name, `const { exp } = Math`: each with one that can record. */
import { compare } from "../ad/compare.js";
import type { Scalar } from "../ad/recorded.js";
import * as record from "../rules/generated/record.js";
import type { Comparison } from "../tape/guards.js";
import { hypotOf, maxOf, minOf } from "./folded.js";
import { isRecorded, plain } from "./values.js";

type Fn = (...args: never[]) => unknown;
/** Makes the function that records, for one place in the source. */
type Intrinsic = (site: number) => (...args: Scalar[]) => unknown;

const table = new Map<unknown, Intrinsic>();
const row = (native: Fn, intrinsic: Intrinsic): unknown => table.set(native, intrinsic);

/** A predicate of the primal value, noted as a guard. */
const predicate = (kind: Comparison, native: (value: never) => boolean): unknown =>
  row(
    native,
    (site) => (value) => (isRecorded(value) ? compare(kind, value, 0, site) : native(value as never)),
  );

for (const name of Object.getOwnPropertyNames(Math)) {
  const native = Math[name as keyof Math] as unknown;
  const own = record[name as keyof typeof record] as ((...args: Scalar[]) => Scalar) | undefined;
  if (typeof native !== "function" || own === undefined) continue;
  const two = native.length === 2;
  row(native as Fn, (site) => (...args) => {
    if (!args.some(isRecorded)) return (native as Fn)(...(args as never[]));
    return two ? own(args[0]!, args[1] ?? NaN, site) : own(args[0]!, site);
  });
}
row(
  Math.max,
  (site) =>
    (...args) =>
      maxOf(args, site),
);
row(
  Math.min,
  (site) =>
    (...args) =>
      minOf(args, site),
);
row(
  Math.hypot,
  (site) =>
    (...args) =>
      hypotOf(args, site),
);
row(
  Number,
  () =>
    (...args) =>
      isRecorded(args[0]) ? args[0] : Number(...(args as [number])),
);
row(parseFloat, () => (value) => (isRecorded(value) ? value : parseFloat(value as never)));
row(
  parseInt,
  (site) => (value, radix) =>
    isRecorded(value) ? record.trunc(value, site) : parseInt(value as never, radix as never),
);
predicate("truthy", Boolean);
predicate("isFinite", Number.isFinite);
predicate("isNaN", Number.isNaN);
predicate("isInteger", Number.isInteger);
predicate("isFinite", isFinite);
predicate("isNaN", isNaN);
row(Object.is, () => (a, b) => Object.is(plain(a), plain(b)));

/** @returns the function that records in place of this one; any other function is its own */
export function intrinsic(f: unknown, site: number): unknown {
  const make = typeof f === "function" ? table.get(f) : undefined;
  return make === undefined ? f : make(site);
}
