/** ⟨w, y⟩ of leaves that may be recorded. */
import { isLeafObject } from "../ad/leaves.js";
import type { Leaf, Scalar } from "../ad/recorded.js";
import { add, mul } from "../rules/generated/record.js";
import { item } from "../tensor/lift.js";
import type { Tensor } from "../tensor/tensor.js";

/** @param w plain leaves like those of y */
export function pairing(w: readonly Leaf[], y: readonly Leaf[]): Scalar {
  return y.reduce((sum: Scalar, leaf, i): Scalar => {
    if (!isLeafObject(leaf)) return add(sum, mul(w[i] as Scalar, leaf as Scalar));
    const product = (leaf as unknown as Tensor).mul(w[i] as unknown as Tensor);
    return add(sum, item(product.sum()));
  }, 0);
}
