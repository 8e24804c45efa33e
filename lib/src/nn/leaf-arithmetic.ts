/** Arithmetic on leaves of parameters, which are tensors or plain numbers. */
import * as elementwise from "../tensor/functions/elementwise.js";
import { isTensor, type Tensor } from "../tensor/tensor.js";

export type TensorOrNumber = Tensor | number;

const binary =
  (
    ofNumbers: (a: number, b: number) => number,
    ofTensors: (a: TensorOrNumber, b: TensorOrNumber) => Tensor,
  ) =>
  (a: TensorOrNumber, b: TensorOrNumber): TensorOrNumber =>
    typeof a === "number" && typeof b === "number" ? ofNumbers(a, b) : ofTensors(a, b);

export const add = binary((a, b) => a + b, elementwise.add);
export const sub = binary((a, b) => a - b, elementwise.sub);
export const mul = binary((a, b) => a * b, elementwise.mul);
export const div = binary((a, b) => a / b, elementwise.div);
export const square = (a: TensorOrNumber): TensorOrNumber =>
  typeof a === "number" ? a * a : elementwise.square(a);
export const sqrt = (a: TensorOrNumber): TensorOrNumber =>
  typeof a === "number" ? Math.sqrt(a) : elementwise.sqrt(a);
export const zeroOf = (a: TensorOrNumber): TensorOrNumber => (isTensor(a) ? a.zero() : 0);
