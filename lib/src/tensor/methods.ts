/** Method style: `a.matmul(b)` is `ops.matmul(a, b)`. */
import type { Scalar } from "../ad/recorded.js";
import { functions } from "./functions/index.js";
import type { Range } from "./functions/shapes.js";
import { item } from "./lift.js";
import { Tensor } from "./tensor.js";

type Functions = typeof functions;
/** The functions whose first argument is the tensor. */
type Named = Exclude<
  keyof Functions,
  "concat" | "stack" | "where" | "maxOf" | "minOf" | "oneHot" | "max" | "min" | "slice"
>;
type Tail<F> = F extends (x: never, ...rest: infer R) => infer Y ? (...rest: R) => Y : never;

export type TensorMethods = { readonly [K in Named]: Tail<Functions[K]> } & {
  /** Over axes: the largest. Elementwise, with another tensor or a number: `a.maximum(b)`. */
  readonly max: Tail<Functions["maxOf"]>;
  readonly min: Tail<Functions["minOf"]>;
  readonly maximum: Tail<Functions["max"]>;
  readonly minimum: Tail<Functions["min"]>;
  readonly slice: (...ranges: readonly (Range | number | null)[]) => Tensor;
  /** 1 at this index and 0 elsewhere. */
  readonly oneHot: Tail<Functions["oneHot"]>;
  /** This where the condition is not 0, the other elsewhere. */
  readonly where: (condition: Tensor, other: Tensor | Scalar) => Tensor;
  /** The number of a tensor with one element. */
  readonly item: () => number;
  /** The last two axes exchanged. */
  readonly T: Tensor;
};

const others: Readonly<Record<string, (x: Tensor, ...rest: never[]) => unknown>> = {
  max: functions.maxOf as never,
  min: functions.minOf as never,
  maximum: functions.max as never,
  minimum: functions.min as never,
  where: ((x: Tensor, condition: Tensor, other: Tensor | Scalar) =>
    functions.where(condition, x, other)) as never,
  item: item as never,
};

export function installMethods(): void {
  for (const [name, f] of Object.entries({ ...functions, ...others }))
    Object.defineProperty(Tensor.prototype, name, {
      value: function (this: Tensor, ...rest: never[]) {
        return (f as (x: Tensor, ...rest: never[]) => unknown)(this, ...rest);
      },
      configurable: true,
    });
  Object.defineProperty(Tensor.prototype, "T", {
    get(this: Tensor) {
      return functions.matrixTranspose(this);
    },
  });
}
