/** A scalar operation that meets a tensor: `a * b` under "use ad", and `ops.mul(a, b)`, are the tensor's elementwise ones. */
import { at } from "../ad/here.js";
import type { Scalar } from "../ad/recorded.js";
import { opNames } from "../rules/generated/opcodes.js";
import { lift } from "./lift.js";
import { call } from "./registry.js";
import type { Tensor } from "./tensor.js";

export function onTensors(op: number, a: Scalar, b: Scalar | undefined, site: number): Scalar {
  const values = (b === undefined ? [a] : [a, b]) as unknown as (Tensor | Scalar)[];
  return at(site, () => call(opNames[op]!, lift(values), undefined) as unknown as Scalar);
}
