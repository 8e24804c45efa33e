/** Reading an attention trace that may come from anyone: every field is checked before it is believed. */
import { ArrayReader, type BinaryBuffer } from "./arrays.js";
import type { AttentionHead, AttentionOutcome, AttentionSolver, AttentionTrace } from "./attention.js";
import { readTraining } from "./decode-training.js";
import { readDiagnosis, readRivals, readSpectrum } from "./decode-verdict.js";
import { MalformedTraceError } from "./errors.js";
import { atMost, field, flag, list, malformed, oneOf, positive, record, text, whole } from "./fields.js";
import { MAX_HEADS, MAX_ITERATIONS, MAX_LABEL_LENGTH, MAX_OMISSIONS } from "./limits.js";
import { MAX_TEXT_LENGTH, MAX_TOKENS } from "./limits.js";
import type { Omission } from "./omission.js";
import { checkVersion } from "./version.js";

/**
 * Decode and check a trace. Fields that this version does not know are ignored.
 * @param data JSON as written by `encodeAttentionTrace`
 * @param buffers the binary buffers that came with it, if any; the arrays of the result may share their memory
 * @throws MalformedTraceError naming the field that is missing, of the wrong type, or contradicts another one
 * @throws TraceTooLargeError when it claims more than `limits.ts` accepts; nothing has been allocated then
 * @throws NewerTraceError when its major version is above 1
 */
export function decodeAttentionTrace(data: unknown, buffers: readonly BinaryBuffer[] = []): AttentionTrace {
  const trace = record(data, "the trace");
  oneOf(field(trace, "kind"), "kind", ["attention"]);
  const version = checkVersion(field(trace, "version"));
  const tokens = list(field(trace, "tokens"), "tokens", 1, MAX_TOKENS).map((token, i) =>
    text(token, `tokens[${i}]`, MAX_LABEL_LENGTH),
  );
  const heads = list(field(trace, "heads"), "heads", 1, MAX_HEADS).map(readHead);
  const solver = readSolver(field(trace, "solver"));
  const training = field(trace, "training");
  // A training run has as many steps as it likes; its solves are measured one by one.
  const most = training === undefined ? solver.maxIterations : Infinity;
  const outcome = readOutcome(field(trace, "outcome"), most);
  const omissions = list(field(trace, "omissions"), "omissions", 0, MAX_OMISSIONS).map(readOmission);

  const [N, H, K] = [tokens.length, heads.length, outcome.iterations];
  const arrays = new ArrayReader(buffers);
  const frames = record(field(trace, "frames"), "frames");
  const iterations = arrays.read(field(frames, "iterations"), "frames.iterations", "int32", [undefined]);
  checkIterations(iterations, K, omissions, training === undefined ? "iterations" : "pictures");
  const F = iterations.length;
  const weights = arrays.read(field(frames, "weights"), "frames.weights", "float32", [F, H, N, N]);
  const residuals = record(field(trace, "residuals"), "residuals");
  const stoppedAt = field(residuals, "stoppedAt");
  const [diagnosis, spectrum, rivals, resolve] = ["diagnosis", "spectrum", "rivals", "resolve"].map((name) =>
    field(trace, name),
  );
  const curve = (of: typeof trace, name: string, path = name) =>
    arrays.read(field(of, name), path, "float64", [K]);
  return {
    kind: "attention",
    version,
    producer: text(field(trace, "producer"), "producer", MAX_TEXT_LENGTH),
    preset: text(field(trace, "preset"), "preset", MAX_TEXT_LENGTH),
    tokens,
    heads,
    solver,
    outcome,
    frames: { iterations, weights },
    residuals: {
      absolute: curve(residuals, "absolute", "residuals.absolute"),
      relative: curve(residuals, "relative", "residuals.relative"),
      perToken: arrays.read(field(residuals, "perToken"), "residuals.perToken", "float32", [K, N]),
      ...(stoppedAt !== undefined && {
        stoppedAt: arrays.read(stoppedAt, "residuals.stoppedAt", "int32", [N]),
      }),
    },
    drift: curve(trace, "drift"),
    tokenSpread: curve(trace, "tokenSpread"),
    ...(diagnosis !== undefined && { diagnosis: readDiagnosis(diagnosis) }),
    ...(spectrum !== undefined && { spectrum: readSpectrum(spectrum, arrays) }),
    ...(rivals !== undefined && { rivals: readRivals(rivals, arrays) }),
    ...(training !== undefined && { training: readTraining(training, arrays, K, solver.maxIterations) }),
    ...(resolve !== undefined && { resolve: text(resolve, "resolve", MAX_LABEL_LENGTH) }),
    omissions,
  };
}

function readHead(value: unknown, index: number): AttentionHead {
  const path = `heads[${index}]`;
  const head = record(value, path);
  return {
    name: text(field(head, "name"), `${path}.name`, MAX_LABEL_LENGTH),
    temperature: positive(field(head, "temperature"), `${path}.temperature`),
  };
}

function readSolver(value: unknown): AttentionSolver {
  const solver = record(value, "solver");
  const damping = fraction(field(solver, "damping"), "solver.damping");
  const [freeze, exitFraction] = [field(solver, "freeze"), field(solver, "exitFraction")];
  return {
    name: text(field(solver, "name"), "solver.name", MAX_LABEL_LENGTH),
    damping,
    tolerance: positive(field(solver, "tolerance"), "solver.tolerance"),
    maxIterations: whole(field(solver, "maxIterations"), "solver.maxIterations", 1),
    norm: oneOf(field(solver, "norm"), "solver.norm", ["token", "frobenius", "max"]),
    mode: oneOf(field(solver, "mode"), "solver.mode", ["relative", "absolute"]),
    ...(freeze !== undefined && { freeze: flag(freeze, "solver.freeze") }),
    ...(exitFraction !== undefined && { exitFraction: fraction(exitFraction, "solver.exitFraction") }),
  };
}

function fraction(value: unknown, path: string): number {
  if (typeof value !== "number" || !(value > 0 && value <= 1)) {
    throw malformed(path, "a number above 0 and at most 1", value);
  }
  return value;
}

function readOutcome(value: unknown, most: number): AttentionOutcome {
  const outcome = record(value, "outcome");
  const reasons = ["converged", "maxIterations", "diverged", "stopped", "running"] as const;
  const reason = oneOf(field(outcome, "reason"), "outcome.reason", reasons);
  const converged = flag(field(outcome, "converged"), "outcome.converged");
  if (converged !== (reason === "converged")) {
    throw new MalformedTraceError(
      `outcome.converged is ${converged}, which contradicts outcome.reason "${reason}".`,
    );
  }
  const iterations = whole(field(outcome, "iterations"), "outcome.iterations", 1);
  atMost(iterations, "outcome.iterations", "iterations", MAX_ITERATIONS);
  if (iterations > most) {
    throw new MalformedTraceError(`outcome.iterations is ${iterations}, above solver.maxIterations ${most}.`);
  }
  const bestIteration = whole(field(outcome, "bestIteration"), "outcome.bestIteration", 0);
  if (bestIteration >= iterations) {
    throw new MalformedTraceError(
      `outcome.bestIteration is ${bestIteration}, but the iterations run from 0 to ${iterations - 1}.`,
    );
  }
  return { converged, reason, iterations, bestIteration };
}

export function readOmission(value: unknown, index: number): Omission {
  const path = `omissions[${index}]`;
  const omission = record(value, path);
  const of = whole(field(omission, "of"), `${path}.of`, 0);
  const kept = whole(field(omission, "kept"), `${path}.kept`, 0);
  if (kept > of) throw new MalformedTraceError(`${path} claims to keep ${kept} of ${of}.`);
  return {
    what: text(field(omission, "what"), `${path}.what`, MAX_LABEL_LENGTH),
    kept,
    of,
    reason: text(field(omission, "reason"), `${path}.reason`, MAX_TEXT_LENGTH),
  };
}

function checkIterations(
  iterations: Int32Array,
  K: number,
  omissions: readonly Omission[],
  named: string,
): void {
  const F = iterations.length;
  if (F === 0)
    throw new MalformedTraceError("frames.iterations is empty; a trace stores at least one frame.");
  for (let f = 0; f < F; f++) {
    const k = iterations[f]!;
    const least = f === 0 ? 0 : iterations[f - 1]! + 1;
    if (k < least || k >= K) {
      throw new MalformedTraceError(
        `frames.iterations[${f}] is ${k}; the entries should ascend within 0 to ${K - 1}.`,
      );
    }
  }
  if (F < K && !omissions.some(({ what }) => what === named)) {
    throw new MalformedTraceError(
      `frames.iterations stores ${F} of ${K} ${named}, but omissions does not say so.`,
    );
  }
}
