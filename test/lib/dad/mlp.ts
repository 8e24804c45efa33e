/** A small network, random batches and plain SGD, for tests of distributed runs. */
import { type Dtype, ops, philox, randomNormal, tensor, type Tensor, zeros } from "cotangent";
import type { Batch, Model, Site } from "cotangent/dad";

export interface Layer {
  readonly weight: Tensor;
  readonly bias: Tensor;
}
export interface Sample {
  readonly x: Tensor;
  /** [N, classes] one-hot. */
  readonly y: Tensor;
}
export type Phi = "tanh" | "relu" | "sigmoid";

export function mlp(widths: readonly number[], seed: number, dtype: Dtype = "float64"): Layer[] {
  return widths.slice(1).map((outputs, i) => {
    const inputs = widths[i]!;
    const weight = randomNormal(philox(seed).split(i), [inputs, outputs], { dtype });
    return { weight: weight.mul(1 / Math.sqrt(inputs)), bias: zeros([outputs], { dtype }).add(0.01) };
  });
}

export function logits(layers: readonly Layer[], x: Tensor, phi: Phi): Tensor {
  return layers.reduce((h, { weight, bias }, i) => {
    const z = h.matmul(weight).add(bias);
    return i === layers.length - 1 ? z : z[phi]();
  }, x);
}

export const modelOf = (
  params: Layer[],
  phi: Phi = "tanh",
  reduction: "mean" | "sum" = "mean",
): Model<Layer[], Sample> => ({
  params,
  reduction,
  loss(layers, { x, y }) {
    const perRow = ops
      .logSoftmax(logits(layers, x, phi))
      .mul(y)
      .sum(1)
      .neg();
    return reduction === "mean" ? perRow.mean() : perRow.sum();
  },
});

export function batchOf(
  seed: number,
  rows: number,
  inputs: number,
  classes: number,
  dtype: Dtype = "float64",
): Batch<Sample> {
  const x = randomNormal(philox(seed, 7), [rows, inputs], { dtype });
  const labels = Array.from(philox(seed, 8).uniforms(rows), (u) => Math.floor(u * classes));
  const y = tensor(
    labels.map((label) => Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0))),
    { dtype },
  );
  return { rows, data: { x, y } };
}

/** Sites whose batches depend on the step, with so many rows each. */
export const sitesOf = (
  rows: readonly number[],
  inputs: number,
  classes: number,
  dtype: Dtype = "float64",
): Site<Layer[], Sample>[] =>
  rows.map((count, s) => ({
    name: `site ${s}`,
    batch: (step) => batchOf(1000 * s + step, count, inputs, classes, dtype),
  }));

export const sgd =
  (rate: number) =>
  (params: Layer[], gradients: Layer[]): Layer[] =>
    params.map(({ weight, bias }, i) => ({
      weight: weight.sub(gradients[i]!.weight.mul(rate)),
      bias: bias.sub(gradients[i]!.bias.mul(rate)),
    }));

export const numbers = (layers: readonly Layer[]): number[] =>
  layers.flatMap(({ weight, bias }) => [...weight.dataSync(), ...bias.dataSync()]);

/** ‖a − b‖ / ‖b‖ */
export function distance(a: readonly number[], b: readonly number[]): number {
  const square = (values: readonly number[]) => values.reduce((sum, x) => sum + x * x, 0);
  return Math.sqrt(square(a.map((x, i) => x - b[i]!)) / square(b));
}
