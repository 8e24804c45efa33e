/**
 * Function style: `mul(a, b)` for numbers, recorded ones included, and tensors. On plain numbers each is JavaScript's own.
 * They are typed for numbers, as the code is that they replace.
 */
import * as record from "../rules/generated/record.js";
import type { BinaryOpName, ScalarOpName } from "../rules/scalar-rules.js";
import * as compare from "./compare.js";

const { recorders: _, ...operations } = record;

export const ops = { ...operations, ...compare } as unknown as {
  readonly [Name in ScalarOpName]: Name extends BinaryOpName
    ? (a: number, b: number) => number
    : (a: number) => number;
} & { readonly [Name in "lt" | "le" | "gt" | "ge" | "eq" | "ne"]: (a: number, b: number) => boolean };
