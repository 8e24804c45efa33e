/** Dropout, from a stream that the caller moves on. */
import { OptionError } from "../errors.js";
import type { Philox } from "../random/philox.js";
import { randomUniform } from "../tensor/create.js";
import { ge, mul } from "../tensor/functions/elementwise.js";
import type { Tensor } from "../tensor/tensor.js";

/** Each element is 0 with probability `rate`; the others are divided by 1 − rate, so that the mean stays. */
export function dropout(x: Tensor, rate: number, stream: Philox): Tensor {
  if (!(rate >= 0 && rate < 1)) throw new OptionError(`rate should be at least 0 and below 1; got ${rate}.`);
  if (rate === 0) return x;
  const drawn = randomUniform(stream, x.shape, { dtype: x.dtype, engine: x.engine });
  return mul(x, mul(ge(drawn, rate), 1 / (1 - rate)));
}
