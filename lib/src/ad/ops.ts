/**
 * Function style: `mul(a, b)` for numbers, recorded ones included, and tensors. On plain numbers each is JavaScript's own.
 * They are typed for numbers, as the code is that they replace, and for tensors.
 */
import * as record from "../rules/generated/record.js";
import type { BinaryOpName, ScalarOpName } from "../rules/scalar-rules.js";
import { functions } from "../tensor/functions/index.js";
import { isTensor, type Tensor } from "../tensor/tensor.js";
import * as compare from "./compare.js";
import type { Scalar } from "./recorded.js";

const { recorders: _, ...operations } = record;

type ComparisonName = "lt" | "le" | "gt" | "ge" | "eq" | "ne";
const names: readonly ComparisonName[] = ["lt", "le", "gt", "ge", "eq", "ne"];

/** Of numbers, a boolean; of tensors, a tensor of 1 and 0. */
const comparisons = Object.fromEntries(
  names.map((name) => [
    name,
    (a: Tensor | Scalar, b: Tensor | Scalar) =>
      isTensor(a) || isTensor(b) ? functions[name](a, b) : compare[name](a, b),
  ]),
);

type TensorOrNumber = Tensor | number;

interface Unary {
  (a: number): number;
  (a: Tensor): Tensor;
}
interface Binary {
  (a: number, b: number): number;
  (a: TensorOrNumber, b: TensorOrNumber): Tensor;
}
interface Comparing {
  (a: number, b: number): boolean;
  (a: TensorOrNumber, b: TensorOrNumber): Tensor;
}

type OfTensors = Omit<typeof functions, ScalarOpName | ComparisonName>;

export const ops = { ...functions, ...operations, ...comparisons } as unknown as {
  readonly [Name in ScalarOpName]: Name extends BinaryOpName ? Binary : Unary;
} & { readonly [Name in ComparisonName]: Comparing } & OfTensors;
