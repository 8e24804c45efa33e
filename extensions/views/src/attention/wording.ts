/** What the view says in words: the verdict, the settings, what was left out, what is not a number. */
import type { AttentionTrace, Omission } from "cotangent/trace";
import { count, formatResidual, formatSetting } from "../common/format.js";
import { visibleToken } from "../common/labels.js";
import type { ResidualCurve } from "./residual.js";
import type { AttentionSummary } from "./summary.js";

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export interface Verdict {
  readonly level: "good" | "warning" | "bad";
  readonly title: string;
  readonly details: readonly string[];
}

/** How the solve ended; iterations are numbered from 0, as in the trace. */
export function verdict(trace: AttentionTrace, curve: ResidualCurve): Verdict {
  const { outcome, solver } = trace;
  const best = outcome.bestIteration;
  const residual = formatResidual(curve.values[best]!);
  const settings = `${capital(visibleToken(solver.name))}, damping ${formatSetting(solver.damping)}`;
  const tolerance = `tolerance ${formatResidual(solver.tolerance)}`;
  if (outcome.converged) {
    return {
      level: "good",
      title: `Converged in ${count(outcome.iterations, "iteration")}`,
      details: [`residual ${residual}`, tolerance, settings],
    };
  }
  const details = [`best iterate ${best}, residual ${residual}`, tolerance, settings];
  return outcome.reason === "diverged"
    ? { level: "bad", title: `Diverged after ${count(outcome.iterations, "iteration")}`, details }
    : { level: "warning", title: `Did not converge in ${count(outcome.iterations, "iteration")}`, details };
}

/** The map and the size of the problem. */
export function subject({ preset, tokens, heads }: AttentionTrace): string[] {
  return [
    "Fixed-point attention",
    `map “${visibleToken(preset)}”`,
    count(tokens.length, "token"),
    count(heads.length, "head"),
  ];
}

const omission = ({ what, kept, of, reason }: Omission): string =>
  `${kept.toLocaleString("en")} of ${of.toLocaleString("en")} ${visibleToken(what)} stored: ${visibleToken(reason)}.`;

/** Everything that the picture does not show, or shows otherwise than a reader would expect. */
export function notes(trace: AttentionTrace, summary: AttentionSummary, curve: ResidualCurve): string[] {
  const list = trace.omissions.map(omission);
  if (summary.bad > 0) {
    list.push(
      `${summary.bad.toLocaleString("en")} ${summary.bad === 1 ? "weight is" : "weights are"} not finite ` +
        `(NaN or ∞), in ${count(summary.badFrames, "stored iteration")}; hatched.`,
    );
  }
  const negative = summary.negative.reduce((sum, n) => sum + n, 0);
  if (negative > 0) {
    list.push(
      `${negative.toLocaleString("en")} negative ${negative === 1 ? "weight" : "weights"} drawn as 0.`,
    );
  }
  if (!curve.judged) {
    const { norm, mode } = trace.solver;
    list.push(
      `The solver stopped by the ${mode} ${norm === "max" ? "maximum norm" : "norm per token"}, ` +
        `which the trace does not hold; the curve is the Frobenius norm.`,
    );
  }
  return list;
}

/** "iteration 12 of 39" */
export const iterationText = (iteration: number, last: number): string => `iteration ${iteration} of ${last}`;
