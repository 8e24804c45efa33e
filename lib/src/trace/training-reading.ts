/** What a watched training run says, in words: the same in the still and the moving picture. */
import type { AttentionTrace } from "./attention.js";
import { shortNumber } from "./short-number.js";
import { type AttentionTraining, unsettled } from "./training.js";

const counted = (n: number, noun: string): string => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

/** Steps that were made, as far as the trace knows: up to the last recorded one. */
export const stepsMade = ({ steps }: AttentionTraining): number => (steps.at(-1) ?? -1) + 1;

/** The first and last finite value. */
function course(values: Float64Array): string {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return "not a number";
  const [first, last] = [shortNumber(known[0]!), shortNumber(known.at(-1)!)];
  return known.length === 1 ? first : `${first} → ${last}`;
}

/** How far it came, as a title: "trained 150 steps". */
export function trainingTitle({ outcome, training }: AttentionTrace): string {
  const steps = counted(stepsMade(training!), "step");
  if (outcome.reason === "running") return `training, ${steps} so far`;
  return outcome.reason === "stopped" ? `training was stopped after ${steps}` : `trained ${steps}`;
}

/** "loss 0.7 → 0.1", "ρ(J) 0.3 → 0.9", and how the solves ended. */
export function trainingDetails({ training, solver }: AttentionTrace): readonly string[] {
  const { series, spectralRadius, iterations, converged } = training!;
  const { count, first } = unsettled(training!);
  const solves =
    count === 0
      ? "every solve converged"
      : `${count.toLocaleString("en")} of ${counted(converged.length, "solve")} did NOT converge, first at step ${first.toLocaleString("en")}`;
  return [
    // A trace may come from anyone: a name has only so much room.
    ...series.map(({ name, values }) => `${name.slice(0, 40)} ${course(values)}`),
    ...(spectralRadius ? [`ρ(J) ${course(spectralRadius)}`] : []),
    `iterations ${course(Float64Array.from(iterations))} of at most ${solver.maxIterations}`,
    solves,
  ];
}

/** Sentences about ρ(J): where it has passed 1, and where it is not known; none where neither is so. */
export function radiusNotes({ training, solver }: AttentionTrace): string[] {
  const unknown = training?.spectralRadius?.reduce((n, rho) => n + (Number.isNaN(rho) ? 1 : 0), 0) ?? 0;
  const missing =
    unknown > 0 ? [`ρ(J) is not known at ${counted(unknown, "step")}: no fixed point was found there, or no largest eigenvalue.`] : []; // prettier-ignore
  const above = training?.spectralRadius?.findIndex((rho) => rho >= 1) ?? -1;
  if (above < 0) return missing;
  const at = training!.steps[above]!.toLocaleString("en");
  const saved =
    solver.damping < 1
      ? `only the damping ${shortNumber(solver.damping)} can still make solves converge`
      : "undamped solves cannot converge";
  return [`From training step ${at} on ρ(J) has been 1 or more at times: there ${saved}.`, ...missing];
}
