/** The verdict on an attention solve: the solver's own, with the spectrum, the token spread, and what they suggest. */
import type { Solution } from "../fixedpoint/solve.js";
import type { Matrix } from "../matrix.js";
import {
  type AttentionSpectrum,
  bestDamping,
  dampedRadius,
  shortNumber,
  type SolveDiagnosis,
} from "../trace/index.js";
import { tokenSpread, warnOfCollapse } from "./diagnosis.js";

interface Known {
  readonly solution: Solution;
  /** A of each head at the iterate returned. */
  readonly attention: readonly Matrix[];
  readonly inject: boolean;
  readonly damping: number;
  readonly spectrum: AttentionSpectrum | undefined;
}

interface Judged {
  readonly diagnosis: SolveDiagnosis;
  /** Its advice, sentence by sentence. */
  readonly warnings: readonly string[];
}

/** What the eigenvalues say about a solve that did not converge. */
function adviseBySpectrum(spectrum: AttentionSpectrum, damping: number): string {
  const rho = `At the fixed point nearby ρ(J) is ${shortNumber(dampedRadius(spectrum, 1))}`;
  const own = shortNumber(dampedRadius(spectrum, damping));
  const best = bestDamping(spectrum);
  if (best === undefined)
    return `${rho}, with an eigenvalue that no damping brings below 1; Anderson's method finds it.`;
  const then = shortNumber(dampedRadius(spectrum, best));
  return `${rho}: damping ${shortNumber(damping)} multiplies the error by ${own} per iteration, damping ${best} would by ${then}.`;
}

export function judge({ solution, attention, inject, damping, spectrum }: Known): Judged {
  const { z, diagnosis } = solution;
  const spread = tokenSpread(z);
  const collapse = warnOfCollapse(z, attention, inject);
  const near = diagnosis.state !== "converged" && spectrum ? [adviseBySpectrum(spectrum, damping)] : [];
  const own = diagnosis.advice === "" ? [] : [diagnosis.advice];
  const warnings = [...own, ...near, ...(collapse === undefined ? [] : [collapse])];
  const judged: SolveDiagnosis = {
    ...diagnosis,
    ...(collapse !== undefined && { state: "collapsed" }),
    ...(spectrum && {
      spectralRadius: dampedRadius(spectrum, 1),
      dampedRadius: dampedRadius(spectrum, damping),
    }),
    ...(Number.isFinite(spread) && { tokenSpread: spread }),
    advice: warnings.join(" "),
  };
  return { diagnosis: judged, warnings };
}
