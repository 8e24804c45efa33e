/** Method style: `a.mul(b)` records what `mul(a, b)` and, under "use ad", `a * b` record. */
import type { BinaryOpName, ScalarOpName } from "../rules/scalar-rules.js";
import type { Recorded, Scalar } from "./recorded.js";

/** A method for every row of the table of scalar operations. */
export type RecordedMethods = {
  readonly [Name in ScalarOpName]: Name extends BinaryOpName ? (other: Scalar) => Recorded : () => Recorded;
};

type Operation = (a: Scalar, b: Scalar) => unknown;

/** Put a method for every operation on the prototype of recorded numbers, once. */
export function installMethods(prototype: object, operations: Readonly<Record<string, Operation>>): void {
  for (const [name, operation] of Object.entries(operations))
    if (!Object.hasOwn(prototype, name))
      Object.defineProperty(prototype, name, {
        value: function (this: Scalar, other: Scalar) {
          return operation(this, other);
        },
      });
}
