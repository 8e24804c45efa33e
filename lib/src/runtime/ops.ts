/** What instrumented code calls: the operations, and JavaScript's other ways with numbers, for recorded ones. */
import { compare } from "../ad/compare.js";
import { Recorded, type Scalar } from "../ad/recorded.js";
import * as record from "../rules/generated/record.js";
import { type Comparison } from "../tape/guards.js";
import { primalOf } from "../tape/tape.js";

const isRecorded = (value: unknown): value is Recorded => value instanceof Recorded;
const isScalar = (value: unknown): value is Scalar => typeof value === "number" || isRecorded(value);

type Native = (a: never, b: never) => boolean;
/** A comparison that is JavaScript's own unless a recorded number takes part. */
const comparing = (kind: Comparison, native: Native) => (a: unknown, b: unknown, site: number) => {
  if (typeof a === "number" && typeof b === "number") return native(a as never, b as never);
  if (isScalar(a) && isScalar(b)) return compare(kind, a, b, site);
  if (!isRecorded(a) && !isRecorded(b)) return native(a as never, b as never);
  const plain = (value: unknown) => (isRecorded(value) ? primalOf(value) : value);
  return native(plain(a) as never, plain(b) as never);
};

/** The functions of a list's elements that take any number of arguments. */
const folded =
  (step: (a: Scalar, b: Scalar, site: number) => Scalar, native: (...values: number[]) => number) =>
  (values: readonly Scalar[], site: number): Scalar => {
    if (values.every((value) => typeof value === "number")) return native(...values);
    return values.length === 1
      ? step(values[0]!, values[0]!, site)
      : values.reduce((a, b) => step(a, b, site));
  };

/** A predicate of the primal value, noted as a guard. */
const predicate = (kind: Comparison, native: (value: unknown) => boolean) => (value: unknown) =>
  isRecorded(value) ? compare(kind, value, 0) : native(value);

/** Functions that code may hold by another name: `const { exp } = Math`. */
const intrinsics = new Map<unknown, unknown>();
for (const name of Object.getOwnPropertyNames(Math)) {
  const native = Math[name as keyof Math] as unknown;
  const own = record[name as keyof typeof record] as ((...args: Scalar[]) => Scalar) | undefined;
  if (typeof native !== "function" || own === undefined) continue;
  intrinsics.set(native, (...args: Scalar[]) =>
    args.some(isRecorded)
      ? own(args[0]!, args[1] ?? 0, 0 as never)
      : (native as (...a: unknown[]) => unknown)(...args),
  );
}
for (const [name, step] of Object.entries({ max: record.max, min: record.min, hypot: record.hypot })) {
  const native = Math[name as "max"];
  intrinsics.set(native, (...args: Scalar[]) => folded(step, native)(args, 0));
}
intrinsics.set(Number, (value: unknown) => (isRecorded(value) ? value : Number(value)));
intrinsics.set(Number.isFinite, predicate("isFinite", Number.isFinite));
intrinsics.set(Number.isNaN, predicate("isNaN", Number.isNaN));
intrinsics.set(Number.isInteger, predicate("isInteger", Number.isInteger));
intrinsics.set(isFinite, predicate("isFinite", isFinite as (value: unknown) => boolean));
intrinsics.set(isNaN, predicate("isNaN", isNaN as (value: unknown) => boolean));

const { recorders: _, ...operations } = record;

export const runtimeOps = {
  ...operations,
  lt: comparing("lt", (a, b) => a < b),
  le: comparing("le", (a, b) => a <= b),
  gt: comparing("gt", (a, b) => a > b),
  ge: comparing("ge", (a, b) => a >= b),
  looseEq: comparing("eq", (a, b) => a == b),
  looseNe: comparing("ne", (a, b) => a != b),
  strictEq: comparing("eq", (a, b) => a === b),
  strictNe: comparing("ne", (a, b) => a !== b),
  maxOf: folded(record.max, Math.max),
  minOf: folded(record.min, Math.min),
  hypotOf: folded(record.hypot, Math.hypot),
  plus: (a: Scalar, _site: number): Scalar => (isRecorded(a) ? a : +a),
  inc: (a: Scalar, site: number): Scalar => {
    if (isRecorded(a)) return record.add(a, 1, site);
    return typeof a === "bigint" ? (((a as bigint) + 1n) as never) : +a + 1;
  },
  dec: (a: Scalar, site: number): Scalar => {
    if (isRecorded(a)) return record.sub(a, 1, site);
    return typeof a === "bigint" ? (((a as bigint) - 1n) as never) : +a - 1;
  },
  truthy: (a: unknown, site: number): boolean => (isRecorded(a) ? compare("truthy", a, 0, site) : Boolean(a)),
  /** As the key of an element: the primal value, and a guard that it is this one. */
  index: (a: unknown, site: number): unknown => {
    if (!isRecorded(a)) return a;
    const key = primalOf(a);
    compare("eq", a, key, site);
    return key;
  },
  primal: (a: unknown, site: number): unknown => runtimeOps.index(a, site),
  fn: (f: unknown): unknown => intrinsics.get(f) ?? f,
  /** What orders by a recorded difference orders by its primal value. */
  comparator: (f: unknown): unknown =>
    typeof f !== "function"
      ? f
      : (a: unknown, b: unknown) => {
          const order = (f as (a: unknown, b: unknown) => unknown)(a, b);
          return isRecorded(order) ? primalOf(order) : order;
        },
};
