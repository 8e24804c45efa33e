/** Watching a training run: what fixed-point attention does with one input, step by step, while the loop is the user's own. */
import { fixedPointNear, SPECTRUM_TOKENS } from "../attention/spectrum.js";
import { RunningAttention } from "../display/bundle.js";
import { LivePlace, type Show } from "../display/live.js";
import { OptionError } from "../errors.js";
import { checkLabels } from "../attention/labels.js";
import { leadingEigenvalues } from "../numeric/arnoldi.js";
import { checkCount, checkFlag, checkOptionNames } from "../options.js";
import { proceed } from "../steering.js";
import { isTensor, type Tensor } from "../tensor/tensor.js";
import { tidy } from "../tensor/tidy.js";
import { ATTENTION_VERSION, type AttentionTrace, MAX_SERIES, type SolveStatus } from "../trace/index.js";
import { PRODUCER } from "../version.js";
import type { AttentionLook, Lookable } from "./attention-look.js";
import { TrainingRecord } from "./training-record.js";
import { WatchedTraining } from "./watched-training.js";

export interface WatchOptions {
  /** Show the run while it goes on: the kernel's `display`. At its end the whole takes the place of what was shown. */
  readonly live?: Show | undefined;
  /** [N] labels of the probe's tokens; default its words' numbers, or "token 1", "token 2", … */
  readonly tokens?: readonly string[];
  /** [H] Default "head 1", "head 2", … */
  readonly headNames?: readonly string[];
  /** Look at every n-th step; 1. */
  readonly every?: number;
  /** Whether to find ρ(J) at each of them, by some dozens of products with J; default: up to 64 tokens. */
  readonly radius?: boolean;
}

const OPTIONS = ["live", "tokens", "headNames", "every", "radius"];

export interface TrainingWatch<P> {
  /**
   * Tell of a step: what the model does with the probe is looked at, and the run waits where the reader pauses it.
   * @param numbers to be drawn beside it, the loss first; a tensor of one number will do
   * @returns false when the reader has stopped the run: leave the loop
   * @throws OptionError for more than eight names
   */
  step(params: P, numbers?: Readonly<Record<string, number | Tensor>>): boolean;
  /** All that was seen; the first call ends the watch. @throws OptionError before the first step */
  result(): WatchedTraining;
}

/** ρ to about a hundredth, of matrices whose entries change at every step. */
const ROUGH = { most: 48, tolerance: 1e-2, enough: 1, dense: 24 } as const;

/** ρ(J) where J means something; NaN where no fixed point is known, or its largest eigenvalue does not settle. */
function radiusOf({ info, z, step, linearize, solver }: AttentionLook): number {
  const found = fixedPointNear(step, { ...info, z }, Math.min(1e-4, solver.tolerance));
  if (found === undefined) return NaN;
  const product = linearize(found.z);
  const leading = leadingEigenvalues((v) => product({ ...z, data: v }).data, z.data.length, ROUGH);
  return leading ? Math.hypot(leading.re[0] ?? 0, leading.im[0] ?? 0) : NaN;
}

/**
 * Watch what a model with fixed-point attention does with one input while it is trained. Every step that is looked at costs a solve
 * of that input, and ρ(J) there.
 *
 * Tell of a step *before* its update, so that the loss is that of the parameters whose attention is shown; step 0 is then the
 * model as it was made. Where a step may throw, as a solve that fails does, `result()` belongs in a `finally`: what is shown live is
 * whole only then.
 *
 * @param model one that can be looked at: `selfTransformer`, `fixedPointAttention`
 * @param probe one input, with or without a batch of one
 * @throws UnknownOptionError, OptionError for options
 * @see Mathur, Doan, Pearlmutter & Plis (2025), arXiv 2507.13569, for ρ over training
 * @example
 * const model = selfTransformer({ input: { words: 2 }, length: 4, width: 8, classes: 2, attention: { heads: 2 } });
 * const [x, y] = [tensor([[0, 1, 1, 0]], { dtype: "int32" }), tensor([0], { dtype: "int32" })];
 * let params = model.init(philox(1));
 * const watch = watchTraining(model, x);
 * for (let i = 0; i < 3; i++) {
 *   const [loss, g] = valueAndGrad((p: typeof params) => crossEntropy(model.apply(p, x), y))(params as never);
 *   if (!watch.step(params, { loss: loss as unknown as Tensor })) break;
 *   params = sgd({ rate: 0.1 }).update(params, g, sgd({ rate: 0.1 }).init(params)).params;
 * }
 * if (watch.result().trace.training?.series[0]?.values.length !== 3) throw new Error("that is not the run");
 */
export function watchTraining<P>(
  model: Lookable<P>,
  probe: Tensor,
  options: WatchOptions = {},
): TrainingWatch<P> {
  checkOptionNames(options, OPTIONS, "watchTraining");
  if (typeof model?.look !== "function")
    throw new OptionError("watchTraining needs a model that can be looked at, such as a selfTransformer.");
  const every = checkCount(options.every ?? 1, "every", 1, 1e9);
  const place = options.live && new LivePlace(options.live);
  const record = new TrainingRecord(every);
  let steps = 0;
  let latest: { params: P; numbers: ReadonlyMap<string, number> } | undefined;
  let labels: { tokens: readonly string[]; heads: readonly string[]; radius: boolean } | undefined;
  let shown: Pick<AttentionLook, "solver" | "info"> | undefined;
  let finished: WatchedTraining | undefined;

  function labelsOf({ z, attention }: AttentionLook) {
    const words = probe.dtype === "int32" ? [...probe.plain.dataSync()].map(String) : undefined;
    const tokens = options.tokens ?? words ?? Array.from({ length: z.rows }, (_, i) => `token ${i + 1}`);
    const heads = options.headNames ?? attention.map((_, h) => `head ${h + 1}`);
    checkLabels(tokens, "tokens", z.rows);
    checkLabels(heads, "headNames", attention.length);
    return { tokens: [...tokens], heads: [...heads], radius: checkFlag(options.radius ?? z.rows <= SPECTRUM_TOKENS, "radius") }; // prettier-ignore
  }
  function lookAt(step: number): void {
    if (record.has(step) || !latest) return;
    // The look goes on computing with tensors of its own until ρ(J) is found; the record keeps plain numbers.
    tidy(() => {
      const look = model.look(latest!.params, probe);
      labels ??= labelsOf(look);
      const spectralRadius = labels.radius ? radiusOf(look) : NaN;
      record.add({ step, look, numbers: latest!.numbers, spectralRadius });
      shown = look;
      return null;
    });
  }
  function traceOf(status?: SolveStatus): AttentionTrace {
    const { solver, info } = shown!;
    const recorded = record.finish(every, labels!.radius);
    const K = recorded.drift.length;
    const reason = status ?? info.reason;
    return {
      kind: "attention",
      version: ATTENTION_VERSION,
      producer: PRODUCER,
      preset: solver.preset,
      tokens: labels!.tokens,
      heads: labels!.heads.map((name) => ({ name, temperature: solver.temperature })),
      solver: { name: "picard", damping: solver.damping, tolerance: solver.tolerance, maxIterations: solver.maxIterations, norm: "frobenius", mode: "relative" }, // prettier-ignore
      outcome: { converged: reason === "converged", reason, iterations: K, bestIteration: K - 1 },
      ...recorded,
    };
  }
  const showNow = () => place?.put(new RunningAttention(traceOf("running")));
  function finish(status?: SolveStatus): WatchedTraining {
    if (finished) return finished;
    if (steps === 0) throw new OptionError("No step was told of: call watch.step(params) in the loop first.");
    lookAt(steps - 1);
    finished = new WatchedTraining(traceOf(status), steps);
    place?.put(finished);
    return finished;
  }

  return {
    step(params, numbers = {}) {
      if (finished) return false;
      const told = Object.entries(numbers);
      if (told.length > MAX_SERIES) throw new OptionError(`At most ${MAX_SERIES} numbers can be drawn beside a training run.`); // prettier-ignore
      latest = { params, numbers: new Map(told.map(([name, value]) => [name, isTensor(value) ? Number(value.item()) : value])) }; // prettier-ignore
      const step = steps++;
      if (record.wants(step)) lookAt(step);
      if (place?.isDue && shown) showNow();
      const onWait = () => {
        lookAt(step);
        showNow();
      };
      if (proceed(onWait)) return true;
      finish("stopped");
      return false;
    },
    result: () => finish(),
  };
}
