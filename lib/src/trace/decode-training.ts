/** Reading what version 1.2 of an attention trace adds: the training run whose steps its iterations are. */
import type { ArrayReader } from "./arrays.js";
import { field, list, malformed, record, text } from "./fields.js";
import { MAX_LABEL_LENGTH } from "./limits.js";
import { type AttentionTraining, MAX_SERIES } from "./training.js";

/** @param K recorded steps @param most iterations that a solve was allowed */
export function readTraining(
  value: unknown,
  arrays: ArrayReader,
  K: number,
  most: number,
): AttentionTraining {
  const training = record(value, "training");
  const steps = arrays.read(field(training, "steps"), "training.steps", "int32", [K]);
  steps.forEach((step, k) => {
    if (step < 0 || (k > 0 && step <= steps[k - 1]!))
      throw malformed(`training.steps[${k}]`, "0 or more, and above the one before", step);
  });
  const iterations = arrays.read(field(training, "iterations"), "training.iterations", "int32", [K]);
  const wrong = iterations.findIndex((count) => count < 0 || count > most);
  if (wrong >= 0)
    throw malformed(`training.iterations[${wrong}]`, `0 to solver.maxIterations, ${most}`, iterations[wrong]);
  const converged = arrays.read(field(training, "converged"), "training.converged", "uint8", [K]);
  const odd = converged.findIndex((one) => one > 1);
  if (odd >= 0) throw malformed(`training.converged[${odd}]`, "0 or 1", converged[odd]);
  const radius = field(training, "spectralRadius");
  return {
    steps,
    iterations,
    converged,
    ...(radius !== undefined && { spectralRadius: readRadii(radius, arrays, K) }),
    series: list(field(training, "series"), "training.series", 0, MAX_SERIES).map((each, i) => {
      const path = `training.series[${i}]`;
      const series = record(each, path);
      return {
        name: text(field(series, "name"), `${path}.name`, MAX_LABEL_LENGTH),
        values: arrays.read(field(series, "values"), `${path}.values`, "float64", [K]),
      };
    }),
  };
}

function readRadii(value: unknown, arrays: ArrayReader, K: number): Float64Array {
  const path = "training.spectralRadius";
  const radii = arrays.read(value, path, "float64", [K]);
  const wrong = radii.findIndex((rho) => rho < 0 || rho === Infinity);
  if (wrong >= 0) throw malformed(`${path}[${wrong}]`, "a finite number, 0 or more, or NaN", radii[wrong]);
  return radii;
}
