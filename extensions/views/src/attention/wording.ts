/** What the view says in words: the verdict, the settings, what was left out, what is not a number. */
import {
  type AttentionTrace,
  collapseNote,
  axisName,
  evidence,
  type Omission,
  type ResidualCurve,
  shortNumber,
  type SolveState,
  radiusNotes,
  trainingDetails,
  trainingTitle,
  unsettled,
} from "cotangent/trace";
import { count } from "../common/format.js";
import { visibleToken } from "../common/labels.js";
import type { AttentionModel } from "./model.js";
import type { AttentionSummary } from "./summary.js";

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export interface Verdict {
  readonly level: "good" | "warning" | "bad";
  readonly title: string;
  readonly details: readonly string[];
}

/** What a solve did that was allowed no more iterations. */
function manner({ diagnosis }: AttentionTrace): string {
  const manners: Partial<Record<SolveState, string>> = {
    cycling: `Cycles with period ${diagnosis?.period}: did not converge`,
    slow: "Slow: did not converge",
    diverged: "Diverges: did not converge",
  };
  return (diagnosis && manners[diagnosis.state]) ?? "Did not converge";
}

/** How far the training came, and whether its solves did. */
function trainingVerdict(trace: AttentionTrace): Verdict {
  const { solver, outcome } = trace;
  const failed = unsettled(trace.training!).count > 0;
  const cut = outcome.reason === "running" || outcome.reason === "stopped";
  return {
    level: failed || cut ? "warning" : "good",
    title: capital(trainingTitle(trace)),
    details: [
      ...trainingDetails(trace).map(visibleToken),
      `tolerance ${shortNumber(solver.tolerance)}`,
      `${capital(visibleToken(solver.name))}, damping ${shortNumber(solver.damping)}`,
    ],
  };
}

/** How the solve ended; iterations are numbered from 0, as in the trace. */
export function verdict(trace: AttentionTrace, { values }: ResidualCurve): Verdict {
  if (trace.training) return trainingVerdict(trace);
  const { outcome, solver, diagnosis } = trace;
  const { reason, iterations, bestIteration: best } = outcome;
  const residual = Number.isFinite(values[best])
    ? `residual ${shortNumber(values[best]!)}`
    : "no finite residual";
  const settings = [
    `tolerance ${shortNumber(solver.tolerance)}`,
    `${capital(visibleToken(solver.name))}, damping ${shortNumber(solver.damping)}`,
  ];
  const known = evidence(trace);
  if (diagnosis?.state === "collapsed")
    return {
      level: "warning",
      title: `Collapsed to uniform ${reason === "converged" ? "in" : "within"} ${count(iterations, "iteration")}`,
      details: [residual, ...known, ...settings],
    };
  const { level, title, iterate } = ENDS[reason];
  return {
    level,
    title: title(trace, count(iterations, "iteration")),
    details: [...(iterate ? [`${iterate}, ${best}`] : []), residual, ...known, ...settings],
  };
}

interface End {
  readonly level: Verdict["level"];
  readonly title: (trace: AttentionTrace, after: string) => string;
  /** Whose residual is told; of a solve that converged it is that of the last. */
  readonly iterate?: string;
}

const RETURNED = "returned the best iterate";
const ENDS: Readonly<Record<AttentionTrace["outcome"]["reason"], End>> = {
  converged: { level: "good", title: (_, after) => `Converged in ${after}` },
  maxIterations: { level: "warning", title: (trace, after) => `${manner(trace)} in ${after}`, iterate: RETURNED },
  running: { level: "warning", title: (_, after) => `Running: ${after} so far`, iterate: "best iterate so far" },
  stopped: { level: "warning", title: (_, after) => `Was stopped after ${after}`, iterate: RETURNED },
  diverged: { level: "bad", title: ({ outcome }) => `Diverged at iteration ${outcome.iterations - 1}`, iterate: RETURNED },
}; // prettier-ignore

/** The axis name of the residual strip: in words and as a formula. */
export function curveTitle({ curve, trace }: Pick<AttentionModel, "curve" | "trace">): string {
  const { norm, mode } = trace.solver;
  const formula =
    norm === "token" && mode === "relative"
      ? "maxᵢ ‖f(z)ᵢ − zᵢ‖ / ‖zᵢ‖"
      : mode === "relative"
        ? "‖f(z) − z‖ / ‖z‖"
        : "‖f(z) − z‖";
  return trace.training ? `${mode} residual at the end  ${formula}` : `${curve.name}  ${formula}`;
}

/** The map and the size of the problem. */
export function subject({ preset, tokens, heads, training }: AttentionTrace): string[] {
  return [
    training ? "Fixed-point attention in training" : "Fixed-point attention",
    `map “${visibleToken(preset)}”`,
    count(tokens.length, "token"),
    count(heads.length, "head"),
  ];
}

const omission = ({ what, kept, of, reason }: Omission): string =>
  `${kept.toLocaleString("en")} of ${of.toLocaleString("en")} ${visibleToken(what)} stored: ${visibleToken(reason)}.`;

const adviceOf = ({ diagnosis }: AttentionTrace): string[] =>
  diagnosis === undefined || diagnosis.advice === "" ? [] : [visibleToken(diagnosis.advice)];

/** Everything that the picture does not show, or shows otherwise than a reader would expect. */
export function notes(trace: AttentionTrace, summary: AttentionSummary, curve: ResidualCurve): string[] {
  const list = [
    ...adviceOf(trace),
    ...radiusNotes(trace),
    ...(trace.diagnosis?.state === "collapsed" ? [] : collapseNote(trace)),
    ...trace.omissions.map(omission),
  ];
  if (summary.bad > 0) {
    list.push(
      `${summary.bad.toLocaleString("en")} ${summary.bad === 1 ? "weight is" : "weights are"} not finite ` +
        `(NaN or ∞), in ${count(summary.badFrames, `stored ${axisName(trace)}`)}; hatched.`,
    );
  }
  const { negative } = summary;
  if (negative > 0) {
    list.push(
      `${negative.toLocaleString("en")} negative ${negative === 1 ? "weight" : "weights"} drawn as 0.`,
    );
  }
  if (curve.tolerance === undefined) {
    const { norm, mode } = trace.solver;
    list.push(
      `The solver stopped by the ${mode} ${norm === "max" ? "maximum norm" : "norm per token"}, ` +
        `which the trace does not hold; the curve is the Frobenius norm.`,
    );
  }
  return list;
}

/** "iteration 12 of 39", "training step 120 of 149" */
export const iterationText = ({ noun, numberOf, lastIteration }: AttentionModel, k: number): string =>
  `${noun} ${numberOf(k)} of ${numberOf(lastIteration)}`;
