/** Reading what version 1.1 of an attention trace adds: the diagnosis, the spectrum, the rivals. All of it may be absent. */
import type { ArrayReader } from "./arrays.js";
import type { AttentionRival } from "./attention.js";
import { type SolveDiagnosis, solveStates } from "./diagnosis.js";
import { atMost, field, flag, list, malformed, oneOf, record, text, whole } from "./fields.js";
import { MAX_ITERATIONS, MAX_LABEL_LENGTH, MAX_RIVALS, MAX_TEXT_LENGTH } from "./limits.js";
import { type AttentionSpectrum, MAX_EIGENVALUES } from "./spectrum.js";

/** A finite number, 0 or more. */
function size(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
    throw malformed(path, "a finite number, 0 or more", value);
  return value;
}

const numbers = ["observedRate", "spectralRadius", "dampedRadius", "tokenSpread"] as const;

export function readDiagnosis(value: unknown): SolveDiagnosis {
  const diagnosis = record(value, "diagnosis");
  const period = field(diagnosis, "period");
  const known = numbers.filter((name) => field(diagnosis, name) !== undefined);
  return {
    state: oneOf(field(diagnosis, "state"), "diagnosis.state", solveStates),
    ...(period !== undefined && { period: whole(period, "diagnosis.period", 2) }),
    ...Object.fromEntries(known.map((name) => [name, size(field(diagnosis, name), `diagnosis.${name}`)])),
    advice: text(field(diagnosis, "advice"), "diagnosis.advice", MAX_TEXT_LENGTH),
  };
}

export function readSpectrum(value: unknown, arrays: ArrayReader): AttentionSpectrum {
  const spectrum = record(value, "spectrum");
  const path = "spectrum.eigenvalues";
  const eigenvalues = arrays.read(field(spectrum, "eigenvalues"), path, "float64", [undefined, 2]);
  const count = eigenvalues.length / 2;
  atMost(count, path, "eigenvalues", MAX_EIGENVALUES);
  const odd = eigenvalues.find((part) => !Number.isFinite(part));
  if (odd !== undefined) throw malformed(path, "finite numbers", odd);
  return {
    eigenvalues,
    of: whole(field(spectrum, "of"), "spectrum.of", Math.max(1, count)),
    at: oneOf(field(spectrum, "at"), "spectrum.at", ["result", "anderson"]),
  };
}

export function readRivals(value: unknown, arrays: ArrayReader): readonly AttentionRival[] {
  return list(value, "rivals", 0, MAX_RIVALS).map((each, i) => {
    const path = `rivals[${i}]`;
    const rival = record(each, path);
    const residuals = arrays.read(field(rival, "residuals"), `${path}.residuals`, "float64", [undefined]);
    atMost(residuals.length, `${path}.residuals`, "iterations", MAX_ITERATIONS);
    return {
      name: text(field(rival, "name"), `${path}.name`, MAX_LABEL_LENGTH),
      converged: flag(field(rival, "converged"), `${path}.converged`),
      residuals,
    };
  });
}
