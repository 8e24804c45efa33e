/** A scalar operation that meets a tensor: `a * b` under "use ad", and `ops.mul(a, b)`, are the tensor's elementwise ones. */
import type { Scalar } from "../ad/recorded.js";
import { opNames } from "../rules/generated/opcodes.js";
import { lift } from "./lift.js";
import { here } from "./op.js";
import { call } from "./registry.js";
import type { Tensor } from "./tensor.js";

export function onTensors(op: number, a: Scalar, b: Scalar | undefined, site: number): Scalar {
  const values = (b === undefined ? [a] : [a, b]) as unknown as (Tensor | Scalar)[];
  const outer = here.site;
  here.site = site;
  try {
    return call(opNames[op]!, lift(values), undefined) as unknown as Scalar;
  } finally {
    here.site = outer;
  }
}
