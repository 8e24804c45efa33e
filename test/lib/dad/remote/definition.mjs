/** The model, the batches and the optimiser of a small run: the same in this process, in a worker and in a kernel. */
import { ops, philox, randomNormal, tensor } from "cotangent";
import { adam } from "cotangent/nn";

const [INPUTS, HIDDEN, CLASSES, ROWS] = [12, 8, 4, 6];

export const model = (inputs = INPUTS) => ({
  params: [
    { weight: randomNormal(philox(5), [inputs, HIDDEN]), bias: randomNormal(philox(6), [HIDDEN]) },
    { weight: randomNormal(philox(7), [HIDDEN, CLASSES]), bias: randomNormal(philox(8), [CLASSES]) },
  ],
  loss: ([first, second], { x, y }) =>
    ops
      .logSoftmax(x.matmul(first.weight).add(first.bias).tanh().matmul(second.weight).add(second.bias))
      .mul(y)
      .sum(1)
      .mean()
      .neg(),
});

export const optimiser = adam({ rate: 0.01 });

/** What a name says of a site: "a", "b", …; with "dies at 2", "fails at 2", "is wide", "has no batch". */
export function define(name, index) {
  const at = (what) => Number(new RegExp(`${what} at (\\d+)`).exec(name)?.[1] ?? NaN);
  return {
    model: model(name.includes("is wide") ? INPUTS + 1 : INPUTS),
    optimiser,
    batch(step) {
      if (step === at("dies")) process.exit(3);
      if (step === at("fails")) throw new RangeError("the disk is gone.");
      const labels = Int32Array.from(philox(index, step).uniforms(ROWS), (u) => Math.floor(u * CLASSES));
      const x = randomNormal(philox(100 + index, step), [ROWS, INPUTS]);
      return { rows: ROWS, data: { x, y: ops.oneHot(tensor(labels, [ROWS]), CLASSES) } };
    },
  };
}
