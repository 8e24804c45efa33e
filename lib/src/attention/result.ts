/** The result of an attention solve: numbers for a program, a picture for a notebook. */
import { attentionSvg } from "../display/attention-svg.js";
import { attentionBundle, type MimeBundle } from "../display/bundle.js";
import { rasterise } from "../display/rasterise.js";
import { attentionSummary } from "../display/summary.js";
import type { Solution } from "../fixedpoint/solve.js";
import type { Matrix } from "../matrix.js";
import type {
  AttentionResiduals,
  AttentionSpectrum,
  AttentionTrace,
  SolveDiagnosis,
  StopReason,
} from "../trace/index.js";

/** What `solveAttention` hands over. */
export interface AttentionSolveParts extends Omit<Solution, "trace"> {
  readonly output: Matrix;
  readonly attention: readonly Matrix[];
  readonly trace: AttentionTrace;
  /** Keeps the problem for the picture's sliders; gives the name by which the picture asks for it. */
  readonly resolvable?: () => string | undefined;
}

export class AttentionSolve {
  /** [tokens, width] the iterate with the smallest residual; with the preset "inject" it already contains x. */
  readonly z: Matrix;
  /** [tokens, width] what the layer hands on: z, or with the preset "early" what it makes of z after the loop. */
  readonly output: Matrix;
  /** A of each head at z, [tokens, tokens]: row i says where token i looks. */
  readonly attention: readonly Matrix[];
  readonly converged: boolean;
  readonly reason: StopReason;
  /** Evaluations K of the attention step. */
  readonly iterations: number;
  /** The iteration whose iterate is z. */
  readonly bestIteration: number;
  /** The residual at z, in the norm and mode of the solver. */
  readonly residual: number;
  /** The residuals of all iterations. */
  readonly residuals: AttentionResiduals;
  /**
   * [tokens] the iteration since which the token's own residual has been at most the tolerance; −1 where it was not at the last.
   */
  readonly stoppedAt: Int32Array;
  /**
   * The verdict: converged, slow, cycling, diverged, collapsed or stopped, with its evidence (ρ(J) at the fixed point, the observed
   * rate, the token spread) and what to try.
   */
  readonly diagnosis: SolveDiagnosis;
  /** The leading eigenvalues of J at the fixed point; undefined where there is none, or it was not asked for. */
  readonly spectrum: AttentionSpectrum | undefined;
  /** What went wrong and what to try; empty when nothing did. */
  readonly warnings: readonly string[];
  /** Everything that happened, in the documented format. */
  readonly trace: AttentionTrace;

  readonly #resolvable: () => string | undefined;

  constructor(parts: AttentionSolveParts) {
    this.z = parts.z;
    this.output = parts.output;
    this.attention = parts.attention;
    this.converged = parts.converged;
    this.reason = parts.reason;
    this.iterations = parts.iterations;
    this.bestIteration = parts.bestIteration;
    this.residual = parts.residual;
    this.residuals = parts.trace.residuals;
    this.stoppedAt = parts.stoppedAt;
    this.diagnosis = parts.diagnosis;
    this.spectrum = parts.trace.spectrum;
    this.warnings = parts.warnings;
    this.trace = parts.trace;
    this.#resolvable = parts.resolvable ?? (() => undefined);
  }

  /** Several aligned lines: the verdict, the problem, the solver, the warnings. */
  summary(): string {
    return attentionSummary(this.trace, this.warnings);
  }

  /** The still picture as SVG text. */
  svg(): string {
    return attentionSvg(this.trace);
  }

  /** The still picture as a PNG file; Node only. */
  png(): Promise<Uint8Array> {
    return rasterise(this.svg());
  }

  /** What a Jupyter kernel shows: the trace for the interactive view, the still picture, the summary. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    const resolve = this.#resolvable();
    const trace = resolve === undefined ? this.trace : { ...this.trace, resolve };
    return attentionBundle(trace, this.warnings);
  }

  /** What Node's console shows: the summary instead of thousands of numbers. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.summary();
  }
}
