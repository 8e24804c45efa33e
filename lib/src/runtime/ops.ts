/** What instrumented code calls: the operations, and JavaScript's other ways with numbers, for recorded ones. */
import { compare } from "../ad/compare.js";
import type { Scalar } from "../ad/recorded.js";
import * as record from "../rules/generated/record.js";
import { type Comparison } from "../tape/guards.js";
import { primalOf } from "../ad/recorded.js";
import { hypotOf, maxOf, minOf } from "./folded.js";
import { intrinsic } from "./intrinsics.js";
import { method } from "./methods.js";
import { isRecorded, isScalar, plain } from "./values.js";

type Native = (a: never, b: never) => boolean;
/** A comparison that is JavaScript's own unless a recorded number takes part. */
const comparing = (kind: Comparison, native: Native) => (a: unknown, b: unknown, site: number) => {
  if (typeof a === "number" && typeof b === "number") return native(a as never, b as never);
  if (isScalar(a) && isScalar(b)) return compare(kind, a, b, site);
  if (!isRecorded(a) && !isRecorded(b)) return native(a as never, b as never);
  return native(plain(a) as never, plain(b) as never);
};

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
  maxOf,
  minOf,
  hypotOf,
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
  /** What `x++` gives: the number that x was. */
  numeric: (a: unknown, _site: number): unknown => {
    if (isScalar(a) || typeof a === "bigint") return a;
    return +(a as number);
  },
  typeOf: (a: unknown, _site: number): string => (isRecorded(a) ? "number" : typeof a),
  fn: intrinsic,
  method,
};
